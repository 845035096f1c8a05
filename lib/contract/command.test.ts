import { describe, expect, it } from "vitest";
import { formatCommand, parseCommand } from "./command.ts";

describe("parseCommand", () => {
  it.each([
    ["/bin/bash -l", ["/bin/bash", "-l"]],
    ["  sleep   10 ", ["sleep", "10"]],
    ["echo 'a  b' c", ["echo", "a  b", "c"]],
    [String.raw`echo "say \"hi\"" a\ b`, ["echo", 'say "hi"', "a b"]],
    ["echo ''", ["echo", ""]],
    ["echo 'a;b' \"c|d\"", ["echo", "a;b", "c|d"]],
  ])("splits %j into words", (text, words) => {
    expect(parseCommand(text)).toEqual(words);
  });

  it.each(["a; b", "a | b", "echo $HOME", 'echo "$HOME"', "ls *.c", "a && b", "a > f"])(
    "gives %j to the shell",
    (text) => {
      expect(parseCommand(text)).toEqual(["/bin/sh", "-c", text]);
    },
  );

  it("names the quote that is never closed", () => {
    expect(parseCommand("echo 'a")).toBe("the quote ' at character 6 is never closed");
  });

  it.each(["", "   "])("refuses %j, which names no program", (text) => {
    expect(parseCommand(text)).toBe("must name a program");
  });
});

describe("formatCommand", () => {
  it.each([[["echo", "a b", "it's", ""]], [["/bin/sh", "-c", "a; b"]], [["a=b", "x,y", "1%"]]])(
    "writes %j so that it reads back the same",
    (words) => {
      expect(parseCommand(formatCommand(words))).toEqual(words);
    },
  );
});
