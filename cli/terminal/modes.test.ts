import { expect, it } from "vitest";
import { createModeTracker } from "./modes.ts";

it("takes back what is still on, and nothing else", () => {
  const modes = createModeTracker();
  modes.push(Buffer.from("\x1b[?1049h\x1b[?25l\x1b[?2004h text \x1b[?2004l\x1b[31m"));
  expect(modes.reset()).toBe("\x1b[?1049l\x1b[?25h\x1b[0m");
});

it("reads a sequence that comes in two pieces, and several modes in one", () => {
  const modes = createModeTracker();
  modes.push(Buffer.from("abc\x1b[?10"));
  modes.push(Buffer.from("00;1006h"));
  expect(modes.reset()).toBe("\x1b[?1000l\x1b[?1006l\x1b[0m");
});

it("leaves a terminal alone that was left alone", () => {
  const modes = createModeTracker();
  modes.push(Buffer.from("plain \x1b[1mbold\x1b[0m"));
  expect(modes.reset()).toBe("");
});
