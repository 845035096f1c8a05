import { describe, expect, it } from "vitest";
import { LogRecord } from "../../lib/contract/log.ts";
import { createRecordFormatter, createTextFormatter, formatTime } from "./format.ts";
import type { LogChunk } from "./records.ts";

const chunk = (text: string | Uint8Array, rest: Partial<LogChunk> = {}): LogChunk => ({
  offset: 0,
  time: 1_767_225_600_000_000_001n,
  stream: 1,
  bytes: Buffer.from(text),
  ...rest,
});
const stamp = "2026-01-01T00:00:00.000000001Z";

describe("formatTime", () => {
  it("keeps nanoseconds", () => {
    expect(formatTime(1_767_225_600_000_000_001n)).toBe(stamp);
    expect(formatTime(999_999_999n)).toBe("1970-01-01T00:00:00.999999999Z");
  });
});

describe("createTextFormatter", () => {
  it("gives the bytes as they are", () => {
    const bytes = Uint8Array.of(0xff, 0x0a, 0x00);
    expect(createTextFormatter({ timestamps: false })(chunk(bytes))).toEqual(Buffer.from(bytes));
  });

  it("puts a time before each line, and none in the middle of one", () => {
    const format = createTextFormatter({ timestamps: true });
    const text = ["a\nb", "c\n", "\n", "d"].map((piece) => Buffer.from(format(chunk(piece))).toString()).join("");
    expect(text).toBe(`${stamp} a\n${stamp} bc\n${stamp} \n${stamp} d`);
  });
});

describe("createRecordFormatter", () => {
  it("makes records of the contract and puts split characters together, each stream by itself", () => {
    const format = createRecordFormatter();
    const euro = Buffer.from("€");
    const records = [
      format(chunk(euro.subarray(0, 1), { offset: 7 })),
      format(chunk(Uint8Array.of(0xff), { offset: 8, stream: 2 })),
      format(chunk(euro.subarray(1), { offset: 9 })),
    ];
    expect(records.map(({ stream, text }) => [stream, text])).toEqual([
      ["stdout", ""],
      ["stderr", "\ufffd"],
      ["stdout", "€"],
    ]);
    expect(records.map((record) => LogRecord.parse(record))).toEqual(records);
    expect(records[0]).toEqual({ offset: 7, time: stamp, stream: "stdout", text: "" });
  });
});
