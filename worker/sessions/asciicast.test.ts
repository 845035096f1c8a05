import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readTimeline, type TimelineEvent } from "../logs/read-timeline.ts";
import { createLogWriter } from "../logs/testing/write-log.ts";
import { type CastHeader, writeAsciicast } from "./asciicast.ts";

const startedAt = "2026-01-01T00:00:00.000Z";
const header: CastHeader = { cols: 80, rows: 24, startedAt, command: ["bash", "-l"], title: "web", tty: true };
const at = (seconds: number) => BigInt(Date.parse(startedAt)) * 1_000_000n + BigInt(Math.round(seconds * 1e9));

async function* one(events: TimelineEvent[]) {
  for (const event of events) yield [event];
}

async function linesOf(lines: AsyncGenerator<string>): Promise<unknown[]> {
  let text = "";
  for await (const part of lines) text += part;
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

const output = (seconds: number, bytes: string | Uint8Array, stream: 1 | 2 = 1): TimelineEvent => ({
  ...{ offset: 0, time: at(seconds), stream, bytes: Buffer.from(bytes) },
});
const size = (seconds: number, cols: number, rows: number): TimelineEvent => ({ time: at(seconds), cols, rows });
const head = { version: 2, width: 80, height: 24, timestamp: 1767225600, command: "bash -l", title: "web" };

describe("writeAsciicast", () => {
  it("begins with the first size, and tells of later ones and of output when they came", async () => {
    const events = [size(0, 100, 30), output(0.5, "$ "), size(1.25, 120, 40), output(2, "\u001b[1mx\r\n")];
    const [first, ...rest] = await linesOf(writeAsciicast(one(events), header));
    expect(first).toMatchObject({ ...head, width: 100, height: 30 });
    expect(rest).toEqual([
      [0.5, "o", "$ "],
      [1.25, "r", "120x40"],
      [2, "o", "\u001b[1mx\r\n"],
    ]);
  });

  it("is a header alone where there was nothing", async () => {
    expect(await linesOf(writeAsciicast(one([]), header))).toEqual([{ ...head, env: { TERM: "xterm-256color" } }]);
  });

  it("puts characters together that were cut in two, and shows what is none", async () => {
    const bytes = Buffer.from("é€");
    const events = [
      output(1, bytes.subarray(0, 1)),
      output(2, bytes.subarray(1, 4)),
      output(3, Buffer.from([0xff, 0x61])),
    ];
    expect((await linesOf(writeAsciicast(one(events), header))).slice(1)).toEqual([
      [2, "o", "é"],
      [3, "o", "\ufffd\ufffda"],
    ]);
  });

  it("never goes back in time", async () => {
    const events = [output(5, "a"), output(3, "b"), output(-1, "c"), output(6, "d")];
    const times = (await linesOf(writeAsciicast(one(events), header))).slice(1).map((event) => Object(event)[0]);
    expect(times).toEqual([5, 5, 5, 6]);
  });

  it("adds carriage returns where there was no terminal", async () => {
    const events = [output(1, "a\nb\r\n"), output(2, "c\n", 2)];
    const lines = await linesOf(writeAsciicast(one(events), { ...header, tty: false }));
    expect(lines.slice(1)).toEqual([
      [1, "o", "a\r\nb\r\n"],
      [2, "o", "c\r\n"],
    ]);
  });
});

describe("readTimeline", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "minirun-test-timeline-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const read = async (since: number) => {
    const events: unknown[] = [];
    for await (const block of readTimeline(folder, at(since))) {
      for (const event of block) events.push("bytes" in event ? event.bytes.toString() : [event.cols, event.rows]);
    }
    return events;
  };

  it("reads output and sizes in their order, over files, from a time on", async () => {
    const log = createLogWriter(folder);
    await log.resize(80, 24, at(1));
    await log.write("before", 1, at(1));
    await log.rotate();
    await log.resize(80, 24, at(2));
    await log.resize(100, 30, at(2));
    await log.write("one", 1, at(3));
    await log.write("two", 2, at(4));
    await log.resize(90, 20, at(5));
    expect(await read(0)).toEqual([[80, 24], "before", [80, 24], [100, 30], "one", "two", [90, 20]]);
    expect(await read(2)).toEqual([[80, 24], [100, 30], "one", "two", [90, 20]]);
    expect(await read(4)).toEqual(["two", [90, 20]]);
  });

  it("reads a megabyte in blocks", async () => {
    const log = createLogWriter(folder);
    for (let i = 0; i < 40; i += 1) await log.write("x".repeat(32 * 1024), 1, at(i));
    let [blocks, bytes] = [0, 0];
    for await (const block of readTimeline(folder, at(0))) {
      blocks += 1;
      for (const event of block) if ("bytes" in event) bytes += event.bytes.length;
    }
    expect(bytes).toBe(40 * 32 * 1024);
    expect(blocks).toBeGreaterThan(3);
  });
});
