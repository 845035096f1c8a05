import { expect, it } from "vitest";
import { commandOf } from "./shortcuts.ts";

const press = (key: string, modifiers: string, code = "") =>
  commandOf({
    key,
    code,
    ctrlKey: modifiers.includes("c"),
    shiftKey: modifiers.includes("s"),
    altKey: modifiers.includes("a"),
    metaKey: false,
  });

it("takes from the container only what no shell uses", () => {
  for (const key of ["c", "d", "f", "ArrowLeft", "Enter", "m"]) expect(press(key, "c")).toBeNull();
  for (const key of ["a", "Tab", "Escape", "1"]) expect(press(key, "")).toBeNull();
  expect(press("C", "csa")).toBeNull();
});

it("knows its own keys", () => {
  expect(press("C", "cs")).toBe("copy");
  expect(press("ArrowLeft", "cs")).toBe("focus-left");
  expect(press("!", "cs", "Digit1")).toBe("tab-1");
  expect([press("+", "cs"), press("=", "c"), press("-", "c"), press("0", "c")]).toEqual([
    "bigger",
    "bigger",
    "smaller",
    "normal-size",
  ]);
});
