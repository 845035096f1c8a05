import { type LogFile, readRecords } from "./files.ts";
import { indexOfFile, placeOfOffset, placeOfTime } from "./index-of-file.ts";
import { isOver, type LogRange, narrow } from "./range.ts";
import type { LogChunk } from "./records.ts";

/** Reads a range (its tail apart) of files that are open, oldest first, to their end, a block at a time. */
export async function* readFrom(files: readonly LogFile[], range: LogRange): AsyncGenerator<LogChunk[]> {
  const first = await seek(files, range);
  for (const file of files.slice(first)) yield* readOn(file, range);
}

/** Reads a file's part of a range from its place on. */
export async function* readOn(file: LogFile, range: LogRange): AsyncGenerator<LogChunk[]> {
  for await (const chunks of readRecords(file)) {
    const kept = narrow(chunks, range);
    if (kept.length > 0) yield kept;
    const [first] = chunks;
    if (first && isOver(range, file.end, first.time)) return;
  }
}

/** Moves files to where a range begins, from the newest back. Answers the number of the first that has some of it. */
async function seek(files: readonly LogFile[], { after = 0, since = 0n }: LogRange): Promise<number> {
  if (after === 0 && since === 0n) return 0;
  for (let number = files.length - 1; number >= 0; number -= 1) {
    const file = files[number];
    if (!file) continue;
    const index = await indexOfFile(file);
    const [byOffset, byTime] = [placeOfOffset(index, after), placeOfTime(index, since)];
    const { position, end } = byOffset.position > byTime.position ? byOffset : byTime;
    file.position = position;
    file.end = end;
    if (position > 0) return number;
  }
  return 0;
}
