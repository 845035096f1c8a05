import { closeLogFiles, openLogFiles, readRecords } from "./files.ts";
import { chunkFrom, type LogChunk } from "./records.ts";
import { findTail, readFrom } from "./tail.ts";
import { watchFolder } from "./watch-folder.ts";

export interface ReadLog {
  /** Only the last so many lines of what there is. */
  tail?: number | undefined;
  /** Only this stream: 1 is stdout or the terminal, 2 stderr. */
  stream?: 1 | 2 | undefined;
  /** Goes on with what comes, until the signal aborts, or the container has ended and all is read. */
  follow?: boolean | undefined;
  signal?: AbortSignal | undefined;
  /** Whether more output may come. */
  isRunning: () => boolean;
}

/**
 * Reads a container's output, oldest first, in the pieces in which it was read from the container. Files that are
 * renamed or removed meanwhile are read to their end; a record that is torn or damaged ends its file. An aborted signal
 * ends it without an error.
 */
export async function* readLog(folder: string, options: ReadLog): AsyncGenerator<LogChunk> {
  const { stream, signal } = options;
  for await (const chunk of readAll(folder, options)) {
    if (signal?.aborted) return;
    if (stream === undefined || chunk.stream === stream) yield chunk;
  }
}

async function* readAll(folder: string, options: ReadLog): AsyncGenerator<LogChunk> {
  const { tail, stream, follow, signal, isRunning } = options;
  // Watched before anything is read: what comes in between is then noticed.
  const watch = follow ? watchFolder(folder, signal) : null;
  let files = await openLogFiles(folder);
  try {
    let running = isRunning();
    const from = tail === undefined ? 0 : await findTail(files, tail, stream);
    yield* readFrom(files, from);
    while (watch && !signal?.aborted) {
      const newest = files.at(-1) ?? null;
      const newer = await openLogFiles(folder, newest);
      // A file that was renamed got its last records before: once more to its end, then on to the next.
      const all = newest ? [newest, ...newer] : newer;
      await closeLogFiles(files.slice(0, -1));
      files = all;
      for (const file of all) {
        for await (const chunk of readRecords(file)) {
          const part = chunkFrom(chunk, from);
          if (part) yield part;
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
