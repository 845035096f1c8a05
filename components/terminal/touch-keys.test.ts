import { expect, it } from "vitest";
import { afterKey, modify, nextSticky, noModifiers, sequenceOf, touchKeys } from "./touch-keys.ts";

const key = (name: string) => {
  const found = touchKeys.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`there is no key ${name}`);
  return found;
};
const ctrl = { ctrl: "once", alt: "off" } as const;
const both = { ctrl: "once", alt: "locked" } as const;

it.each([
  ["Up", noModifiers, false, "\x1b[A"],
  ["Up", noModifiers, true, "\x1bOA"],
  ["Right", ctrl, true, "\x1b[1;5C"],
  ["Home", both, false, "\x1b[1;7H"],
  ["PgUp", noModifiers, false, "\x1b[5~"],
  ["PgUp", ctrl, false, "\x1b[5;5~"],
  ["Tab", both, false, "\x1b\t"],
])("sends %s as a terminal does", (name, modifiers, applicationMode, expected) => {
  expect(sequenceOf(key(name), modifiers, applicationMode)).toBe(expected);
});

it("works modifiers into what is typed next, and into nothing longer", () => {
  expect(modify("c", ctrl)).toBe("\x03");
  expect(modify("[", ctrl)).toBe("\x1b");
  expect(modify("ü", ctrl)).toBe("ü");
  expect(modify("b", { ctrl: "off", alt: "once" })).toBe("\x1bb");
  expect(modify("words", both)).toBe("words");
});

it("keeps a locked modifier alone", () => {
  expect(afterKey(both)).toEqual({ ctrl: "off", alt: "locked" });
  expect(nextSticky(nextSticky(nextSticky("off")))).toBe("off");
});
