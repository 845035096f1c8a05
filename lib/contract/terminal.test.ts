import { describe, expect, it } from "vitest";
import { decode, encodeAck, encodeBytes, encodeEndOfInput, encodeJson, encodeResize, Opcode } from "./terminal.ts";

describe("terminal messages", () => {
  it("keep what they carry", () => {
    expect(decode(encodeResize(120, 40))).toEqual({ opcode: Opcode.resize, cols: 120, rows: 40 });
    expect(decode(encodeAck(2 ** 40 + 7))).toEqual({ opcode: Opcode.ack, offset: 2 ** 40 + 7 });
    expect(decode(encodeEndOfInput())).toEqual({ opcode: Opcode.endOfInput });
    expect(decode(encodeJson(Opcode.hello, { ticket: "t" }))).toEqual({ opcode: Opcode.hello, json: { ticket: "t" } });
    expect(decode(encodeBytes(Opcode.input, Uint8Array.of(0, 255)))).toEqual({
      opcode: Opcode.input,
      bytes: Uint8Array.of(0, 255),
    });
  });

  it("read output at its 64-bit offset, in the layout of docs/protocol.md", () => {
    const message = Uint8Array.of(0x82, 0, 0, 1, 0, 0, 0, 0, 5, 0x68, 0x69);
    expect(decode(message)).toEqual({ opcode: Opcode.output, offset: 2 ** 40 + 5, bytes: Uint8Array.of(0x68, 0x69) });
  });

  it("work on a view into a larger buffer", () => {
    const buffer = new Uint8Array(20);
    buffer.set(encodeResize(80, 24), 7);
    expect(decode(buffer.subarray(7, 12))).toEqual({ opcode: Opcode.resize, cols: 80, rows: 24 });
  });

  it.each([
    ["an empty message", new Uint8Array(0)],
    ["an unknown opcode", Uint8Array.of(0x7f)],
    ["a torn resize", Uint8Array.of(Opcode.resize, 0, 80)],
    ["output without its offset", Uint8Array.of(Opcode.output, 1, 2)],
    ["JSON that is none", Uint8Array.of(Opcode.hello, 0x7b)],
  ])("refuse %s", (_, bytes) => {
    expect(() => decode(bytes)).toThrow();
  });
});
