import { expect, it } from "vitest";
import { parseAnsi } from "./ansi.ts";

const text = (line: string) =>
  parseAnsi(line)
    .map((span) => span.text)
    .join("");

it("keeps colours and where each piece stood", () => {
  expect(parseAnsi("a\x1b[1;31mred\x1b[0m b")).toEqual([
    { start: 0, text: "a", style: {} },
    { start: 8, text: "red", style: { bold: true, color: "var(--terminal-red)" } },
    { start: 15, text: " b", style: {} },
  ]);
});

it.each([
  ["\x1b[38;5;9mx", "var(--terminal-bright-red)"],
  ["\x1b[38;5;196mx", "rgb(255 0 0)"],
  ["\x1b[38;5;244mx", "rgb(128 128 128)"],
  ["\x1b[38;2;1;2;300mx", "rgb(1 2 255)"],
  ["\x1b[97mx", "var(--terminal-bright-white)"],
  ["\x1b[31;39mx", undefined],
])("reads the colour of %j", (line, color) => {
  expect(parseAnsi(line)[0]?.style.color).toBe(color);
});

it("goes on behind an extended colour that it does not know", () => {
  expect(parseAnsi("\x1b[38;9;1mx")[0]?.style).toEqual({ bold: true });
});

it("leaves out what moves cursors, sets titles, rings bells and turns text round", () => {
  expect(text("\x1b[2J\x1b[1;1Ha\x1b]0;evil\x07b\x07\x08c\u202ed\x1bP1$q\x1b\\e\r")).toBe("abcde");
  expect(text("a\x1b]0;never ended")).toBe("a");
  expect(text("a\x1b[31")).toBe("a");
  expect(text("tab\tstays")).toBe("tab\tstays");
});

it("takes time that grows with the line, not with its square", () => {
  const started = performance.now();
  parseAnsi("\x1b[".repeat(100_000));
  parseAnsi("\x1b]".repeat(100_000));
  expect(performance.now() - started).toBeLessThan(2_000);
});
