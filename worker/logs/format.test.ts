import { describe, expect, it } from "vitest";
import { LogRecord } from "../../lib/contract/log.ts";
import { createEventFormat, createJsonFormat, createTextFormat, formatTime, type ShownLine } from "./format.ts";

const line = (text: string | Uint8Array, rest: Partial<ShownLine> = {}): ShownLine => ({
  offset: 0,
  next: 4,
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

describe("createTextFormat", () => {
  it("gives the bytes as they are", () => {
    const bytes = Uint8Array.of(0xff, 0x0a, 0x00);
    expect(createTextFormat({ timestamps: false })([line(bytes)])).toEqual(Buffer.from(bytes));
  });

  it("puts a time before each line, and none before the rest of one", () => {
    const format = createTextFormat({ timestamps: true });
    expect(format([line("a\n"), line("b"), line("err\n", { stream: 2 }), line("c\n"), line("d")]).toString()).toBe(
      `${stamp} a\n${stamp} b${stamp} err\nc\n${stamp} d`,
    );
  });

  it("names the container in a merged log", () => {
    expect(createTextFormat({ timestamps: false })([line("a\n", { container: "web" })]).toString()).toBe("web | a\n");
  });
});

describe("createJsonFormat", () => {
  it("makes records of the contract, one a line", () => {
    const shown = [line("€\n"), line(Uint8Array.of(0xff), { offset: 4, next: 5, stream: 2, matches: [[0, 1]] })];
    const records = createJsonFormat()(shown)
      .trimEnd()
      .split("\n")
      .map((text) => LogRecord.parse(JSON.parse(text)));
    expect(records).toEqual([
      { offset: 0, next: 4, time: stamp, stream: "stdout", text: "€\n" },
      { offset: 4, next: 5, time: stamp, stream: "stderr", text: "\ufffd", matches: [[0, 1]] },
    ]);
  });
});

describe("createEventFormat", () => {
  it("tells where a follower goes on", () => {
    const text = createEventFormat()([line("a\n", { next: 2 })]);
    expect(text).toBe(`id: 2\ndata: {"offset":0,"next":2,"time":"${stamp}","stream":"stdout","text":"a\\n"}\n\n`);
  });
});
