import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { mergeLines } from "./merge-logs.ts";
import type { LogRange } from "./range.ts";
import { showMergedLog } from "./show-log.ts";
import { createLogWriter } from "./testing/write-log.ts";

const names = ["a", "b", "c"];
let root: string;
let leave: AbortController;
let running: boolean;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "minirun-test-merge-"));
  leave = new AbortController();
  running = false;
});
afterEach(() => rm(root, { recursive: true }));

async function writers() {
  for (const name of names) await mkdir(join(root, name));
  return names.map((name) => createLogWriter(join(root, name)));
}

function read(range: LogRange = {}, follow = false) {
  const sources = new Map(names.map((name) => [name, { folder: join(root, name), isRunning: () => running }]));
  const state = { text: "", ended: Promise.resolve() };
  const consume = async () => {
    for await (const lines of showMergedLog(sources, { range, follow, matcher: null, signal: leave.signal })) {
      state.text += lines.map(({ container, bytes }) => `${container}${bytes.toString().trim()} `).join("");
    }
  };
  state.ended = consume();
  return state;
}

it("puts lines of several logs in order of time, and keeps the last of them", async () => {
  const logs = await writers();
  for (let number = 0; number < 12; number += 1) await logs[number % 3]?.write(`${number}\n`, 1, BigInt(number));
  const all = read();
  await all.ended;
  expect(all.text).toBe("a0 b1 c2 a3 b4 c5 a6 b7 c8 a9 b10 c11 ");
  const last = read({ tail: 4 });
  await last.ended;
  expect(last.text).toBe("c8 a9 b10 c11 ");
  const since = read({ since: 9n });
  await since.ended;
  expect(since.text).toBe("a9 b10 c11 ");
});

it("follows them all, each line once, until all have ended", async () => {
  const logs = await writers();
  await logs[0]?.write("1\n", 1, 1n);
  await logs[1]?.write("2\n", 1, 2n);
  running = true;
  const reader = read({ tail: 1 }, true);
  await expect.poll(() => reader.text).toBe("b2 ");
  await logs[2]?.write("3\n", 1, 3n);
  await expect.poll(() => reader.text).toBe("b2 c3 ");
  await logs[0]?.write("4\n", 1, 4n);
  await expect.poll(() => reader.text).toBe("b2 c3 a4 ");
  running = false;
  await reader.ended;
});

it("ends when its reader leaves", async () => {
  await writers();
  running = true;
  const reader = read({}, true);
  leave.abort();
  await reader.ended;
});

it("goes on past a clock that was set back, and holds no more than is asked for", async () => {
  const line = (time: number) => ({
    ...{ offset: time, next: time + 1, time: BigInt(time), stream: 1 as const, bytes: Buffer.from(`${time}`) },
  });
  async function* log(...batches: number[][]) {
    for (const times of batches) yield times.map(line);
  }
  const seen: number[] = [];
  for await (const lines of mergeLines([log([5, 1], [2]), log([3], [4, 9])])) {
    seen.push(...lines.map(({ offset }) => offset));
  }
  expect(seen.toSorted()).toEqual([1, 2, 3, 4, 5, 9]);
  expect(seen.indexOf(5)).toBeGreaterThan(seen.indexOf(4));
});
