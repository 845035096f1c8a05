import { expect, it } from "vitest";
import { stripControls } from "./strip-controls.ts";

it.each([
  ["colours", "\x1b[1;32mok\x1b[0m", "ok"],
  ["a title ended by BEL or ST", "\x1b]0;title\x07a\x1b]2;t\x1b\\b", "ab"],
  ["a character set and a keypad mode", "\x1b(B\x1b=x", "x"],
  ["carriage returns and bells", "a\r\nb\x07\tc", "a\nb\tc"],
  ["nothing of plain text", "grüße 🙂 [1m\n", "grüße 🙂 [1m\n"],
])("takes out %s", (_, from, to) => {
  expect(stripControls(from)).toBe(to);
});
