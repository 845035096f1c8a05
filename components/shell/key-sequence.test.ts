import { expect, it } from "vitest";
import type { Command } from "./commands.ts";
import { createKeySequence } from "./key-sequence.ts";

const command = (id: string, keys: string): Command => ({ id, title: id, group: "Test", keys, run: () => {} });
const commands = [command("overview", "g o"), command("new", "n"), command("palette", "mod+k"), command("open", "o")];
const press = (key: string, held: Partial<KeyboardEvent> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...held,
});

it("knows single keys, sequences, and keys with Ctrl or Command", () => {
  const feed = createKeySequence();
  expect(feed(press("n"), 0, commands)?.id).toBe("new");
  expect(feed(press("g"), 10, commands)).toBeNull();
  expect(feed(press("o"), 200, commands)?.id).toBe("overview");
  expect(feed(press("o"), 300, commands)?.id).toBe("open");
  expect(feed(press("k", { ctrlKey: true }), 400, commands)?.id).toBe("palette");
  expect(feed(press("K", { metaKey: true }), 400, commands)?.id).toBe("palette");
});

it("forgets the first key of a sequence after a moment", () => {
  const feed = createKeySequence();
  feed(press("g"), 0, commands);
  expect(feed(press("o"), 2_000, commands)?.id).toBe("open");
});

it("leaves keys with Alt, and Ctrl with a plain command's key, to the browser", () => {
  const feed = createKeySequence();
  expect(feed(press("n", { altKey: true }), 0, commands)).toBeNull();
  expect(feed(press("n", { ctrlKey: true }), 0, commands)).toBeNull();
});
