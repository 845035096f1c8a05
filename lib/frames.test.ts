import { expect, it } from "vitest";
import { createFrameReader, encodeFrame } from "./frames.ts";

const messages = ["a", "bc".repeat(1000), "d"].map((text) => Buffer.from(text));
const stream = Buffer.concat(messages.map(encodeFrame));

it.each([1, 3, 5, 700, 5000])("cuts frames out of chunks of %i bytes", (size) => {
  const reader = createFrameReader();
  const found: Buffer[] = [];
  for (let at = 0; at < stream.length; at += size) found.push(...reader.push(stream.subarray(at, at + size)));
  expect(found.map(String)).toEqual(messages.map(String));
});

it("refuses a frame without an opcode and one that is too long", () => {
  expect(() => createFrameReader().push(Buffer.from([0, 0, 0, 0]))).toThrow(RangeError);
  expect(() => createFrameReader().push(Buffer.from([0xff, 0, 0, 0]))).toThrow(RangeError);
});
