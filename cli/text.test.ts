import { expect, it } from "vitest";
import { harmless, shorten } from "./text.ts";

it("takes what a terminal would obey out of a name", () => {
  expect(harmless("a\x1b[2Jb\rc\nd\u009bm\u202eefg")).toBe("a�[2Jb�c�d�m�efg");
  expect(harmless("prüfung 日本 🙂")).toBe("prüfung 日本 🙂");
});

it("cuts between characters, not within one", () => {
  expect(shorten("🙂🙂🙂", 2)).toBe("🙂…");
  expect(shorten("short", 5)).toBe("short");
});
