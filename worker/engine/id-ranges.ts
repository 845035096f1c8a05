import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { IdRange } from "../../lib/contract/container.ts";

/** As many ids as a container gets: all that 16 bits can name, which is what images use. */
export const rangeSize = 65_536;

/** Ids that systemd's list of who uses what (UIDS-GIDS) leaves free, below what a signed number holds. */
const first = 0x7000_0000;
const end = 0x7ffe_0000;

/** Ranges that containers have or are about to get. */
export interface IdRanges {
  /** The first range that nobody has, kept for this container from now on; null when there is none. */
  take(containerId: string): Promise<IdRange | null>;
  /** Gives up what was kept for a container that comes to nothing, or does without. */
  release(containerId: string): void;
}

type Holder = { id: string; idRange: IdRange | null; deletedAt: string | null };

/** `records` answers who has what for good, and who has been deleted. */
export function createIdRanges(records: () => readonly Holder[]): IdRanges {
  const kept = new Map<string, IdRange>();
  return {
    async take(containerId) {
      const others = await delegatedRanges();
      // From here to the end nothing waits, so that no two get the same.
      const holders = records().filter(({ deletedAt }) => deletedAt === null);
      const waiting = new Set(holders.filter(({ idRange }) => !idRange).map(({ id }) => id));
      for (const id of kept.keys()) if (!waiting.has(id)) kept.delete(id);
      const taken = holders.flatMap(({ idRange }) => idRange ?? []);
      const range = firstFree([...others, ...taken, ...kept.values()]);
      if (range) kept.set(containerId, range);
      return range;
    },
    release: (containerId) => void kept.delete(containerId),
  };
}

/** The range of a container whose record can't be read: the upper layer in its folder is its root's. */
export function rangeOnDisk(folder: string): IdRange | null {
  const start = statSync(join(folder, "upper"), { throwIfNoEntry: false })?.uid ?? 0;
  return start >= first ? { start, size: rangeSize } : null;
}

export function firstFree(taken: readonly IdRange[]): IdRange | null {
  for (let start = first; start + rangeSize <= end; start += rangeSize) {
    const range = { start, size: rangeSize };
    if (!taken.some((other) => overlap(range, other))) return range;
  }
  return null;
}

export function overlap(a: IdRange, b: IdRange): boolean {
  return a.start < b.start + b.size && b.start < a.start + a.size;
}

/** What /etc/subuid and /etc/subgid give users: subuid(5), USER:START:COUNT. */
export async function delegatedRanges(): Promise<IdRange[]> {
  const texts = await Promise.all(["/etc/subuid", "/etc/subgid"].map((path) => readFile(path, "utf8").catch(() => "")));
  return texts.flatMap(parseDelegated);
}

export function parseDelegated(text: string): IdRange[] {
  return text.split("\n").flatMap((line) => {
    const [, start, size] = /^[^:#]+:(\d+):(\d+)\s*$/.exec(line) ?? [];
    return start !== undefined && size !== undefined ? [{ start: Number(start), size: Number(size) }] : [];
  });
}
