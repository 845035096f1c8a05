import { describe, expect, it } from "vitest";
import type { LogRecord } from "@/lib/contract/log.ts";
import { append, emptyWindow, firstOffset, type LogWindow, nextOffset, prepend, trimStart } from "./log-window.ts";

const record = (offset: number, text: string, more: Partial<LogRecord> = {}): LogRecord => ({
  offset,
  next: offset + text.length,
  time: "2026-01-01T00:00:00.000Z",
  stream: "stdout",
  text,
  ...more,
});
const numbered = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => record((from + index) * 2, "x\n"));
const texts = ({ chunks }: LogWindow) => chunks.flatMap(({ lines }) => lines.map(({ text }) => text));

describe("append", () => {
  it("fills chunks and leaves full ones as they are", () => {
    const before = append(emptyWindow, numbered(0, 250));
    const after = append(before, numbered(250, 260));
    expect(after.chunks.map(({ lines }) => lines.length)).toEqual([100, 100, 60]);
    expect(after.chunks[0]).toBe(before.chunks[0]);
    expect(after.lines).toBe(260);
    expect([firstOffset(after), nextOffset(after)]).toEqual([0, 520]);
  });

  it("goes on with a line that has not ended, streams apart", () => {
    const window = append(emptyWindow, [record(0, "Pass"), record(4, "warn\n", { stream: "stderr" })]);
    expect(texts(append(window, [record(9, "word: "), record(15, "ok\n")]))).toEqual(["Password: ok", "warn"]);
  });

  it("goes on with it when its chunk is full", () => {
    const window = append(emptyWindow, [...numbered(0, 99), record(198, "a")]);
    const after = append(window, [record(199, "b\n"), record(201, "c\n")]);
    expect(texts(after).slice(-2)).toEqual(["ab", "c"]);
    expect(after.chunks.map(({ key }) => key)).toEqual(["0stdout", "201stdout"]);
  });

  it("moves matches to where they stand in the whole line, and bounds the line", () => {
    const window = append(emptyWindow, [record(0, "aab", { matches: [[2, 3]] })]);
    const after = append(window, [record(3, "b".repeat(300_000), { matches: [[0, 1]] })]);
    const line = after.chunks[0]?.lines[0];
    expect(line?.matches).toEqual([
      [2, 3],
      [3, 4],
    ]);
    expect(line?.text.length).toBe(256 * 1024);
  });
});

it("puts older lines in front and takes the oldest away by whole chunks", () => {
  const window = prepend(append(emptyWindow, numbered(100, 300)), numbered(0, 100));
  expect(firstOffset(window)).toBe(0);
  expect(trimStart(window, 150).lines).toBe(200);
  expect(trimStart(window, 300)).toBe(window);
});
