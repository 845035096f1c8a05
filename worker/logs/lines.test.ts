import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { createLineCutter, type LogLine, longestPiece, readLines } from "./lines.ts";
import type { LogChunk, LogStream } from "./records.ts";

function chunksOf(...pieces: [text: string | Buffer, stream?: LogStream][]): LogChunk[] {
  let offset = 0;
  return pieces.map(([text, stream = 1], number) => {
    const bytes = Buffer.from(text);
    const chunk = { offset, time: BigInt(number), stream, bytes };
    offset += bytes.length;
    return chunk;
  });
}

const show = (lines: LogLine[]) =>
  lines.map(({ offset, next, time, stream, bytes }) => [offset, next, Number(time), stream, bytes.toString()]);

describe("createLineCutter", () => {
  it("puts lines together over chunks, with the time of their first byte", () => {
    const cutter = createLineCutter();
    expect(show(cutter.push(chunksOf(["a\nb"], ["c"], ["d\n\ne"])))).toEqual([
      [0, 2, 0, 1, "a\n"],
      [2, 6, 0, 1, "bcd\n"],
      [6, 7, 2, 1, "\n"],
    ]);
    expect(cutter.waits).toBe(true);
    expect(show(cutter.flush())).toEqual([[7, 8, 2, 1, "e"]]);
    expect(cutter.flush()).toEqual([]);
  });

  it("cuts a line where the other stream comes in between", () => {
    const cutter = createLineCutter();
    const lines = cutter.push(chunksOf(["out"], ["err\n", 2], ["put\n"]));
    expect(show(lines)).toEqual([
      [0, 3, 0, 1, "out"],
      [3, 7, 1, 2, "err\n"],
      [7, 11, 2, 1, "put\n"],
    ]);
  });

  it("cuts a long line into pieces, between characters, and loses no byte", () => {
    const text = `${"€".repeat(longestPiece)}\n`;
    const cutter = createLineCutter();
    const lines = cutter.push(chunksOf([Buffer.from(text).subarray(0, 5)], [Buffer.from(text).subarray(5)]));
    expect(lines.length).toBe(4);
    expect(lines.every(({ bytes }) => bytes.length <= longestPiece && !bytes.toString().includes("\ufffd"))).toBe(true);
    expect(lines.map(({ bytes }) => bytes.toString()).join("")).toBe(text);
    expect(lines.map(({ next }) => next).slice(0, -1)).toEqual(lines.map(({ offset }) => offset).slice(1));
  });

  it("takes a line of exactly the length of a piece whole", () => {
    const cutter = createLineCutter();
    const text = `${"x".repeat(longestPiece - 1)}\n`;
    expect(cutter.push(chunksOf([text])).map(({ bytes }) => bytes.length)).toEqual([longestPiece]);
    expect(cutter.waits).toBe(false);
  });
});

describe("readLines", () => {
  async function* slowly(...blocks: LogChunk[][]): AsyncGenerator<LogChunk[]> {
    for (const block of blocks) {
      yield block;
      await sleep(200);
    }
  }
  const [first, second] = chunksOf(["$ "], ["ls\n"]) as [LogChunk, LogChunk];
  const read = async (follow: boolean) => {
    const batches: unknown[] = [];
    for await (const lines of readLines(slowly([first], [second]), { follow })) batches.push(show(lines));
    return batches;
  };

  it("hands a prompt on to those who follow, and waits for a line's end for others", async () => {
    expect(await read(true)).toEqual([[[0, 2, 0, 1, "$ "]], [[2, 5, 1, 1, "ls\n"]]]);
    expect(await read(false)).toEqual([[[0, 5, 0, 1, "$ ls\n"]]]);
  });
});
