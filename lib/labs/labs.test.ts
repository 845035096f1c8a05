import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { anchorNotes } from "./lab.ts";
import { labs } from "./labs.ts";

const sourceOf = (name: string) => readFileSync(`native/labs/${name}.cc`, "utf8");

it("every program is a lab, and every lab has its program", () => {
  const programs = readdirSync("native/labs").filter((name) => name.endsWith(".cc"));
  expect(programs.sort()).toEqual(labs.map(({ name }) => `${name}.cc`).sort());
});

it.each(labs)("$name is short, and each of its notes stands beside one line", (lab) => {
  const source = sourceOf(lab.name);
  expect(source.split("\n").length).toBeLessThanOrEqual(150);
  const lines = anchorNotes(lab, source).map(({ line }) => line);
  expect(lines).toEqual([...lines].sort((one, other) => one - other));
  expect(new Set(lines).size).toBe(lines.length);
});

it("says which note fits no line, or several", () => {
  const notes = (line: string) => ({ name: "x", notes: [{ line, text: "" }] });
  expect(() => anchorNotes(notes("c"), "a\nb")).toThrow("fits 0 lines: c");
  expect(() => anchorNotes(notes("a"), "a\na")).toThrow("fits 2 lines: a");
  expect(anchorNotes(notes("b"), "a\nb")).toEqual([{ line: 2, text: "" }]);
});
