import { closeLogFiles, type LogFile, openLogFiles, parseSegment } from "./files.ts";
import { type FileIndex, type IndexEntry, indexOfFile } from "./index-of-file.ts";
import type { Matcher } from "./matcher.ts";
import { isOver, type LogRange, narrow } from "./range.ts";
import { readFrom } from "./read-from.ts";
import type { LogChunk } from "./records.ts";
import { findTailOfMatches } from "./search.ts";

const newline = 0x0a;
/** Neighbouring records are put together up to this size, that of a frame of the terminal stream. */
const pieceSize = 32 * 1024;

/**
 * The offset at which the last `range.tail` lines of a range begin, with a matcher those in which it finds something; 0
 * when there are fewer. A last line without its end counts. Reads backwards from the range's end, a segment of the
 * index at a time.
 */
export async function findTail(
  files: readonly LogFile[],
  range: LogRange & { tail: number },
  matcher: Matcher | null = null,
): Promise<number> {
  if (range.tail === 0) return range.before ?? findEnd(files);
  if (matcher) return findTailOfMatches(readBackwards(files, range), range.tail, matcher);
  let missing = range.tail;
  let followed = false;
  for await (const chunks of readBackwards(files, range)) {
    const starts = lineStarts(chunks, followed);
    const first = starts.at(-missing);
    if (first !== undefined) return first;
    missing -= starts.length;
    followed ||= chunks.length > 0;
  }
  return 0;
}

/** The chunks of a range, in order, a segment at a time, the newest segment first. */
async function* readBackwards(files: readonly LogFile[], range: LogRange): AsyncGenerator<LogChunk[]> {
  for (const file of files.toReversed()) {
    for (const [from, to] of segmentsOf(await indexOfFile(file)).reverse()) {
      if (isOver(range, from.end, from.latest)) continue;
      if (range.after !== undefined && to.end <= range.after) return;
      if (range.since !== undefined && to.latest < range.since) return;
      yield narrow(await parseSegment(file, from, to), range);
    }
  }
}

function segmentsOf({ entries, end }: FileIndex): [from: IndexEntry, to: IndexEntry][] {
  return entries.map((entry, at) => [entry, entries[at + 1] ?? end]);
}

/** The places behind a line feed at which another byte follows: in these chunks or, when they are `followed`, behind. */
function lineStarts(chunks: readonly LogChunk[], followed: boolean): number[] {
  const starts: number[] = [];
  let pending: number | null = null;
  for (const { offset, bytes } of chunks) {
    if (pending !== null) starts.push(offset);
    pending = null;
    for (let at = bytes.indexOf(newline); at !== -1; at = bytes.indexOf(newline, at + 1)) {
      if (at + 1 < bytes.length) starts.push(offset + at + 1);
      else pending = offset + at + 1;
    }
  }
  if (pending !== null && followed) starts.push(pending);
  return starts;
}

/** The offset behind the last record; 0 when there is none. */
export async function findEnd(files: readonly LogFile[]): Promise<number> {
  for (const file of files.toReversed()) {
    const { end } = await indexOfFile(file);
    if (end.position > 0) return end.end;
  }
  return 0;
}

/**
 * The last `maxBytes` bytes of a container's output with their true offsets, in pieces of at most 32 KiB (or one
 * record, where that is longer): what a terminal that is opened after the container's end is shown.
 */
export async function readLogTail(folder: string, maxBytes: number): Promise<Omit<LogChunk, "time">[]> {
  const files = await openLogFiles(folder);
  try {
    const after = Math.max(0, (await findEnd(files)) - maxBytes);
    const pieces: Omit<LogChunk, "time">[] = [];
    let group: LogChunk[] = [];
    let size = 0;
    const finish = () => {
      const [first] = group;
      if (first) {
        pieces.push({
          offset: first.offset,
          stream: first.stream,
          bytes: Buffer.concat(group.map(({ bytes }) => bytes)),
        });
      }
      group = [];
      size = 0;
    };
    for await (const chunks of readFrom(files, { after })) {
      for (const chunk of chunks) {
        const [first] = group;
        const joins = first?.stream === chunk.stream && first.offset + size === chunk.offset;
        if (!joins || size + chunk.bytes.length > pieceSize) finish();
        group.push(chunk);
        size += chunk.bytes.length;
      }
    }
    finish();
    return pieces;
  } finally {
    await closeLogFiles(files);
  }
}
