import { mkdtemp, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ReadLog, readLog } from "./read-log.ts";
import type { LogChunk } from "./records.ts";
import { readLogTail } from "./tail.ts";
import { createLogWriter, encodeRecord } from "./testing/write-log.ts";

let folder: string;
let log: ReturnType<typeof createLogWriter>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "minirun-test-logs-"));
  log = createLogWriter(folder);
});
afterEach(() => rm(folder, { recursive: true }));

async function readChunks(options: Partial<ReadLog> = {}): Promise<LogChunk[]> {
  const chunks: LogChunk[] = [];
  for await (const chunk of readLog(folder, { isRunning: () => false, ...options })) chunks.push(...chunk);
  return chunks;
}

async function read(options: Partial<ReadLog> = {}): Promise<string> {
  return Buffer.concat((await readChunks(options)).map(({ bytes }) => bytes)).toString();
}

/** Reads in the background; `text` is what came until now. */
function follow(options: Partial<ReadLog> = {}) {
  const state = { text: "", running: true, ended: Promise.resolve() };
  const consume = async () => {
    const isRunning = () => state.running;
    for await (const chunks of readLog(folder, { follow: true, isRunning, ...options })) {
      for (const { bytes } of chunks) state.text += bytes.toString();
    }
  };
  state.ended = consume();
  return state;
}

describe("readLog", () => {
  it("answers nothing for a container that never ran", async () => {
    expect(await read()).toBe("");
    expect(await read({ follow: true })).toBe("");
    expect(await read({ tail: 5 })).toBe("");
  });

  it("answers records with offset, time and stream", async () => {
    await log.write("out\n", 1, 5n);
    await log.write("err\n", 2, 1_700_000_000_123_456_789n);
    const chunks = await readChunks();
    expect(chunks.map(({ offset, time, stream }) => ({ offset, time, stream }))).toEqual([
      { offset: 0, time: 5n, stream: 1 },
      { offset: 4, time: 1_700_000_000_123_456_789n, stream: 2 },
    ]);
    expect(await read({ stream: 2 })).toBe("err\n");
    expect(await read({ stream: 1 })).toBe("out\n");
  });

  it("reads rotated files in their order, and records larger than a block", async () => {
    const large = "x".repeat(900_000);
    for (const text of ["a", "b", large, "d"]) {
      if (text !== "a") await log.rotate();
      await log.write(text);
    }
    expect(await read()).toBe(`ab${large}d`);
  });

  it("leaves out a torn last record, and goes on in the next file", async () => {
    await log.write("whole\n");
    await log.tear(encodeRecord(6, "torn").subarray(0, 26));
    expect(await read()).toBe("whole\n");
    await log.rotate();
    await log.write("next\n");
    expect(await read()).toBe("whole\nnext\n");
  });

  it.each([
    ["zeros", Buffer.alloc(4096)],
    ["an offset that goes back", encodeRecord(0, "again")],
    ["a length that no record has", Buffer.alloc(64, 0x7f)],
  ])("ends a file at %s", async (_, bytes) => {
    await log.write("sound");
    await log.tear(bytes);
    expect(await read()).toBe("sound");
  });
});

describe("tail", () => {
  it.each([
    [0, ""],
    [1, "6"],
    [2, "5\n6"],
    [3, "4\n5\n6"],
    [4, "3\n4\n5\n6"],
    [6, "1\n2\n3\n4\n5\n6"],
    [100, "1\n2\n3\n4\n5\n6"],
  ])("answers the last %i lines over files and records", async (tail, expected) => {
    await log.write("1\n2");
    await log.write("\n");
    await log.rotate();
    await log.write("3\n4\n");
    await log.rotate();
    await log.write("5");
    await log.write("\n6");
    expect(await read({ tail })).toBe(expected);
  });

  it("does not count an empty line behind the last newline", async () => {
    await log.write("1\n2\n");
    expect(await read({ tail: 1 })).toBe("2\n");
  });

  it("counts the lines of one stream", async () => {
    for (const number of [1, 2, 3]) {
      await log.write(`out ${number}\n`, 1);
      await log.write(`err ${number}\n`, 2);
    }
    expect(await read({ tail: 2, stream: 1 })).toBe("out 2\nout 3\n");
    expect(await read({ tail: 3 })).toBe("err 2\nout 3\nerr 3\n");
  });

  it("agrees with a simple reading of many lines", async () => {
    const lines = Array.from({ length: 20_000 }, (_, number) => `line ${number}\n`);
    for (let at = 0; at < lines.length; at += 700) {
      if (at === 7000) await log.rotate();
      await log.write(lines.slice(at, at + 700).join(""));
    }
    for (const tail of [1, 699, 5000, 13_000, 13_001, 19_999]) {
      expect(await read({ tail })).toBe(lines.slice(-tail).join(""));
    }
  });
});

describe("ranges", () => {
  const second = 1_000_000_000n;

  /** Lines `0\n` to `9\n`, one a second, over three files. */
  async function writeTen(): Promise<void> {
    for (let number = 0; number < 10; number += 1) {
      if (number === 4 || number === 7) await log.rotate();
      await log.write(`${number}\n`, number % 2 ? 1 : 2, BigInt(number) * second);
    }
  }

  it.each<[Partial<ReadLog>, string]>([
    [{ after: 6 }, "3456789"],
    [{ before: 6 }, "012"],
    [{ after: 4, before: 10 }, "234"],
    [{ before: 16, tail: 3 }, "567"],
    [{ after: 14, tail: 100 }, "789"],
    [{ since: 3n * second }, "3456789"],
    [{ since: 3n * second + 1n, until: 8n * second }, "45678"],
    [{ until: 5n * second, tail: 2 }, "45"],
    [{ since: 3n * second, tail: 100 }, "3456789"],
    [{ since: 8n * second, after: 2 }, "89"],
    [{ stream: 1, before: 12, tail: 2 }, "35"],
    [{ since: 60n * second }, ""],
    [{ after: 20 }, ""],
    [{ before: 0 }, ""],
  ])("reads %o", async (range, expected) => {
    await writeTen();
    expect((await read(range)).replaceAll("\n", "")).toBe(expected);
  });

  it("agrees with a simple reading of a log that is larger than its index is fine", async () => {
    const lines = Array.from({ length: 60_000 }, (_, number) => `line ${String(number).padStart(6, "0")}\n`);
    for (let at = 0; at < lines.length; at += 500) {
      if (at === 20_000 || at === 45_000) await log.rotate();
      await log.write(lines.slice(at, at + 500).join(""), 1, BigInt(at) * second);
    }
    for (const at of [0, 1, 19_999, 20_000, 33_333, 59_999]) {
      expect(await read({ after: at * 12, before: at * 12 + 60 })).toBe(lines.slice(at, at + 5).join(""));
      expect(await read({ before: at * 12, tail: 7 })).toBe(lines.slice(Math.max(0, at - 7), at).join(""));
      const from = Math.ceil(at / 500) * 500;
      expect(await read({ since: BigInt(at) * second })).toBe(lines.slice(from).join(""));
    }
  });
});

describe("follow", () => {
  it("reads what comes over rotations, once, and ends with the container", async () => {
    await log.write("old\n");
    const reader = follow();
    let expected = "old\n";
    for (let number = 0; number < 60; number += 1) {
      if (number % 7 === 0) await log.rotate();
      await log.write(`${number}\n`);
      expected += `${number}\n`;
      // A reader that falls behind by more files than there are misses some: that is not what is tried here.
      if (number % 14 === 0) await expect.poll(() => reader.text).toBe(expected);
    }
    await expect.poll(() => reader.text).toBe(expected);
    await log.write("last\n");
    reader.running = false;
    await reader.ended;
    expect(reader.text).toBe(`${expected}last\n`);
  });

  it("begins with the last lines", async () => {
    await log.write("1\n2\n");
    const reader = follow({ tail: 1 });
    const fresh = follow({ tail: 0 });
    await expect.poll(() => reader.text).toBe("2\n");
    await log.write("3\n");
    await expect.poll(() => [reader.text, fresh.text]).toEqual(["2\n3\n", "3\n"]);
    reader.running = false;
    fresh.running = false;
    await Promise.all([reader.ended, fresh.ended]);
  });

  it("waits for the rest of a record, and takes what replaces a torn one", async () => {
    await log.write("a");
    const reader = follow();
    const record = encodeRecord(1, "bc");
    await log.tear(record.subarray(0, 25));
    await expect.poll(() => reader.text).toBe("a");
    await truncate(join(folder, "output.log"), 25);
    await log.write("d");
    await expect.poll(() => reader.text).toBe("ad");
    reader.running = false;
    await reader.ended;
  });

  it("ends when the signal aborts", async () => {
    const leave = new AbortController();
    const reader = follow({ signal: leave.signal });
    await log.write("a");
    await expect.poll(() => reader.text).toBe("a");
    leave.abort();
    await reader.ended;
  });
});

describe("readLogTail", () => {
  it("answers the last bytes with their true offsets, neighbours put together", async () => {
    await log.write("0123");
    await log.rotate();
    await log.write("45");
    await log.write("67");
    await log.write("89", 2);
    const pieces = await readLogTail(folder, 7);
    expect(pieces.map(({ bytes, ...rest }) => ({ ...rest, text: Buffer.from(bytes).toString() }))).toEqual([
      { offset: 3, stream: 1, text: "34567" },
      { offset: 8, stream: 2, text: "89" },
    ]);
    expect((await readLogTail(folder, 100)).at(0)?.offset).toBe(0);
  });

  it("answers pieces of at most 32 KiB, and nothing where there is nothing", async () => {
    expect(await readLogTail(folder, 100)).toEqual([]);
    for (let count = 0; count < 10; count += 1) await log.write("x".repeat(10_000));
    const pieces = await readLogTail(folder, 90_000);
    expect(pieces.map(({ bytes }) => bytes.length)).toEqual([30_000, 30_000, 30_000]);
    expect(pieces.at(0)?.offset).toBe(10_000);
  });
});
