import { expect, it } from "vitest";
import { createDetachKeys, defaultDetachKeys, parseDetachKeys } from "./detach-keys.ts";

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");
const keysOf = (sequence = defaultDetachKeys) => createDetachKeys(parseDetachKeys(sequence));

it("finds Ctrl-P Ctrl-Q in one piece, and passes on what stood before", () => {
  const { rest, detach } = keysOf().push(Buffer.from("ls\x10\x11"));
  expect([text(rest), detach]).toEqual(["ls", true]);
});

it("finds it across two pieces", () => {
  const keys = keysOf();
  expect(keys.push(Buffer.from("\x10")).rest).toHaveLength(0);
  expect(keys.push(Buffer.from("\x11")).detach).toBe(true);
});

it("passes a Ctrl-P on that was something else", () => {
  const keys = keysOf();
  expect(text(keys.push(Buffer.from("a\x10")).rest)).toBe("a");
  const { rest, detach } = keys.push(Buffer.from("\x10b\x11"));
  expect([text(rest), detach]).toEqual(["\x10\x10b\x11", false]);
});

it("finds a sequence whose beginning comes twice", () => {
  const { rest, detach } = keysOf("a,a,b").push(Buffer.from("aaab"));
  expect([text(rest), detach]).toEqual(["a", true]);
});

it("reads keys as Docker writes them, and says which is none", () => {
  expect(parseDetachKeys("ctrl-a,d")).toEqual([1, 100]);
  expect(parseDetachKeys("ctrl-@,ctrl-[,ctrl-\\,ctrl-_")).toEqual([0, 27, 28, 31]);
  expect(() => parseDetachKeys("ctrl-1")).toThrow("'ctrl-1' is no key");
  expect(() => parseDetachKeys("")).toThrow("is no key");
});
