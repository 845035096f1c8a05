import { expect, it } from "vitest";
import { createDetachKeys } from "./detach-keys.ts";

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");

it("finds Ctrl-P Ctrl-Q in one piece, and passes on what stood before", () => {
  const { rest, detach } = createDetachKeys().push(Buffer.from("ls\x10\x11"));
  expect([text(rest), detach]).toEqual(["ls", true]);
});

it("finds it across two pieces", () => {
  const keys = createDetachKeys();
  expect(keys.push(Buffer.from("\x10")).rest).toHaveLength(0);
  expect(keys.push(Buffer.from("\x11")).detach).toBe(true);
});

it("passes a Ctrl-P on that was something else", () => {
  const keys = createDetachKeys();
  expect(text(keys.push(Buffer.from("a\x10")).rest)).toBe("a");
  const { rest, detach } = keys.push(Buffer.from("\x10b\x11"));
  expect([text(rest), detach]).toEqual(["\x10\x10b\x11", false]);
});
