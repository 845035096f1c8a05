import { setTimeout as sleep } from "node:timers/promises";
import type { ShownLine } from "./format.ts";

/** How long lines of other containers are waited for, so that what was written at one time comes in its order. */
const settleMs = 50;

type Lines = AsyncGenerator<ShownLine[]>;
type Batch = IteratorResult<ShownLine[], unknown>;

/**
 * The lines of several logs that end, in order of time, or with `tail` the last of them. No more than a batch of each
 * is in memory, and twice the tail.
 */
export async function* mergeLines(logs: readonly Lines[], tail?: number): Lines {
  let last: ShownLine[] = [];
  for await (const lines of inOrder(logs)) {
    if (tail === undefined) yield lines;
    else {
      last = last.concat(lines);
      if (last.length > 2 * tail) last = tail > 0 ? last.slice(-tail) : [];
    }
  }
  if (tail) yield last.slice(-tail);
}

async function* inOrder(logs: readonly Lines[]): Lines {
  const open = new Map(logs.map((log) => [log, [] as ShownLine[]]));
  try {
    for (;;) {
      await Promise.all([...open].map(([log, held]) => held.length === 0 && refill(open, log)));
      if (open.size === 0) return;
      // Up to here no log can have anything older left. The one that sets the bound is emptied by it.
      const bound = [...open.values()].map(latest).reduce((one, other) => (one < other ? one : other));
      let ready: ShownLine[] = [];
      for (const [log, held] of open) {
        ready = ready.concat(held.filter(({ time }) => time <= bound));
        open.set(
          log,
          held.filter(({ time }) => time > bound),
        );
      }
      yield ready.sort(byTime);
    }
  } finally {
    for (const log of logs) void log.return(undefined);
  }
}

async function refill(open: Map<Lines, ShownLine[]>, log: Lines): Promise<void> {
  const { value, done } = await log.next();
  if (done) open.delete(log);
  else open.set(log, value);
}

function latest(lines: readonly ShownLine[]): bigint {
  return lines.reduce((time, line) => (line.time > time ? line.time : time), 0n);
}

/** Lines of one time stay in the order in which they came: that of their log. */
function byTime(one: ShownLine, other: ShownLine): number {
  return one.time < other.time ? -1 : Number(one.time > other.time);
}

/** The lines of several logs as they come, in order of time as far as they come together. Ends when all have ended. */
export async function* mergeAsTheyCome(logs: readonly Lines[]): Lines {
  const coming = new Map<Lines, Promise<void>>();
  let ready: ShownLine[] = [];
  const ask = (log: Lines) => {
    const take = ({ value, done }: Batch) => {
      coming.delete(log);
      if (done) return;
      ready = ready.concat(value as ShownLine[]);
      arrived.add(log);
    };
    const next = log.next().then(take);
    next.catch(() => {});
    coming.set(log, next);
  };
  const arrived = new Set<Lines>(logs);
  try {
    for (;;) {
      for (const log of arrived) ask(log);
      arrived.clear();
      if (coming.size === 0) return;
      await Promise.race(coming.values());
      if (coming.size > 0) await Promise.race([Promise.all(coming.values()), sleep(settleMs)]);
      const lines = ready.sort(byTime);
      ready = [];
      if (lines.length > 0) yield lines;
    }
  } finally {
    for (const log of logs) void log.return(undefined);
  }
}
