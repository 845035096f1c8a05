import { closeLogFiles, type LogFile, openLogFiles } from "./files.ts";
import type { Matcher } from "./matcher.ts";
import { isOver, type LogRange } from "./range.ts";
import { readFrom, readOn } from "./read-from.ts";
import type { LogChunk } from "./records.ts";
import { findTail } from "./tail.ts";
import { watchFolder } from "./watch-folder.ts";

export interface ReadLog extends LogRange {
  /** Counts for `tail` only lines in which it finds something; what is read is all from the first of them on. */
  matcher?: Matcher | null | undefined;
  /** Goes on with what comes, until the signal aborts, or the container has ended and all is read. */
  follow?: boolean | undefined;
  signal?: AbortSignal | undefined;
  /** Whether more output may come. */
  isRunning: () => boolean;
}

/**
 * Reads a container's output, oldest first, in the pieces in which it was read from the container, a block at a time.
 * Files that are renamed or removed meanwhile are read to their end; a record that is torn or damaged ends its file. An
 * aborted signal ends it without an error.
 */
export async function* readLog(folder: string, options: ReadLog): AsyncGenerator<LogChunk[]> {
  const { follow, signal, isRunning, tail, matcher, ...range } = options;
  // Watched before anything is read: what comes in between is then noticed.
  const watch = follow ? watchFolder(folder, signal) : null;
  let files = await openLogFiles(folder);
  try {
    let running = isRunning();
    if (tail !== undefined) {
      range.after = Math.max(range.after ?? 0, await findTail(files, { ...range, tail }, matcher));
    }
    for await (const chunks of readFrom(files, range)) {
      if (signal?.aborted) return;
      yield chunks;
    }
    while (watch && !signal?.aborted) {
      const newest = files.at(-1) ?? null;
      if (newest && isOver(range, newest.end, 0n)) return;
      const newer = await openLogFiles(folder, newest);
      // A file that was renamed got its last records before: once more to its end, then on to the next.
      const all: LogFile[] = newest ? [newest, ...newer] : newer;
      await closeLogFiles(files.slice(0, -1));
      files = all;
      for (const file of all) {
        for await (const chunks of readOn(file, range)) {
          if (signal?.aborted) return;
          yield chunks;
        }
      }
      if (newer.length > 0) continue;
      if (!running) return;
      await watch.changed();
      running = isRunning();
    }
  } finally {
    watch?.close();
    await closeLogFiles(files);
  }
}
