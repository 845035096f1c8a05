import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { highlight } from "./highlight.ts";

const kinds = (line: string) => highlight(line).filter(({ kind }) => kind !== "plain");

it("tells words, numbers, texts and comments apart", () => {
  expect(kinds('int number = 1;  // "one"')).toEqual([
    { text: "int", kind: "keyword" },
    { text: "1", kind: "number" },
    { text: '// "one"', kind: "comment" },
  ]);
  expect(kinds(`  puts("a // b");`)).toEqual([{ text: '"a // b"', kind: "string" }]);
  expect(kinds("#include <cstdio>")).toEqual([{ text: "#include", kind: "directive" }]);
  expect(kinds("usleep(50'000);")).toEqual([{ text: "50'000", kind: "number" }]);
  expect(kinds(" * of a longer comment")).toEqual([{ text: " * of a longer comment", kind: "comment" }]);
});

it("loses nothing of any lab's program", () => {
  for (const name of readdirSync("native/labs").filter((file) => file.endsWith(".cc"))) {
    for (const line of readFileSync(`native/labs/${name}`, "utf8").split("\n")) {
      const joined = highlight(line).map(({ text }) => text);
      expect(joined.join("")).toBe(line);
    }
  }
});
