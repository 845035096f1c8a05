import { closeLogFiles, openLogFiles, readBlock } from "./files.ts";
import { indexOfFile, placeOfTime } from "./index-of-file.ts";
import type { LogChunk, LogSize } from "./records.ts";

/** What happened at a terminal, in its order: output, and sizes. */
export type TimelineEvent = LogChunk | Omit<LogSize, "chunk">;

/** Reads output and sizes of the terminal from a time on (nanoseconds since 1970), a block at a time. */
export async function* readTimeline(folder: string, since: bigint): AsyncGenerator<TimelineEvent[]> {
  const files = await openLogFiles(folder);
  try {
    for (const file of files) {
      let place = placeOfTime(await indexOfFile(file), since);
      for (let block = await readBlock(file, place); block; block = await readBlock(file, place)) {
        place = block;
        yield merge(block.chunks, block.sizes).filter(({ time }) => time >= since);
      }
    }
  } finally {
    await closeLogFiles(files);
  }
}

function merge(chunks: readonly LogChunk[], sizes: readonly LogSize[]): TimelineEvent[] {
  const events: TimelineEvent[] = [];
  let next = 0;
  for (const [number, chunk] of chunks.entries()) {
    for (let size = sizes[next]; size && size.chunk <= number; size = sizes[++next]) events.push(size);
    events.push(chunk);
  }
  return [...events, ...sizes.slice(next)];
}
