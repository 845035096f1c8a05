import { within } from "../../lib/within.ts";
import type { LogChunk, LogStream } from "./records.ts";

/** A line of output, or a piece of one: `next` is the offset behind it, `time` that at which its first byte was read. */
export interface LogLine {
  offset: number;
  next: number;
  time: bigint;
  stream: LogStream;
  bytes: Buffer;
}

/** Cuts chunks, given in their order, into lines. */
export interface LineCutter {
  /** The lines that are complete with these chunks. */
  push(chunks: readonly LogChunk[]): LogLine[];
  /** The piece of a line that is not ended yet, as it is; what comes later begins anew. */
  flush(): LogLine[];
  /** Whether a piece waits for its line's end. */
  readonly waits: boolean;
}

const newline = 0x0a;
/** A longer line comes in pieces. In bytes. */
export const longestPiece = 64 * 1024;

/**
 * Every byte stands in exactly one line, and lines come in the order of their offsets. Output of the other stream that
 * comes in the middle of a line therefore cuts it into pieces; a piece without a line feed at its end is continued by
 * the next line of its stream.
 */
export function createLineCutter(): LineCutter {
  let open: { offset: number; time: bigint; stream: LogStream; pieces: Buffer[]; size: number; next: number } | null =
    null;

  const close = (): LogLine[] => {
    if (!open) return [];
    const { pieces, size: _, ...rest } = open;
    open = null;
    const [only] = pieces;
    return [{ ...rest, bytes: only && pieces.length === 1 ? only : Buffer.concat(pieces) }];
  };

  const add = (chunk: LogChunk, from: number, to: number) => {
    const { offset, time, stream, bytes } = chunk;
    open ??= { offset: offset + from, time, stream, pieces: [], size: 0, next: 0 };
    open.pieces.push(bytes.subarray(from, to));
    open.size += to - from;
    open.next = offset + to;
  };

  const cut = (chunk: LogChunk, lines: LogLine[]) => {
    const { bytes } = chunk;
    for (let at = 0; at < bytes.length; ) {
      const end = bytes.indexOf(newline, at) + 1 || bytes.length;
      const room = longestPiece - (open?.size ?? 0);
      const to = end - at > room ? at + wholeCharacters(bytes, at, room) : end;
      add(chunk, at, to);
      if (bytes[to - 1] === newline || to < end || to - at === room) lines.push(...close());
      at = to;
    }
  };

  return {
    push(chunks) {
      const lines: LogLine[] = [];
      for (const chunk of chunks) {
        if (open && open.stream !== chunk.stream) lines.push(...close());
        cut(chunk, lines);
      }
      return lines;
    },
    flush: close,
    get waits() {
      return open !== null;
    },
  };
}

/** A line's end that has not come for so many milliseconds, a prompt's say, is not waited for by those who follow. */
const idleMs = 100;

/** The lines of blocks of chunks. With `follow` the piece of a line is handed on when nothing comes for a while. */
export async function* readLines(
  blocks: AsyncGenerator<LogChunk[]>,
  { follow }: { follow: boolean },
): AsyncGenerator<LogLine[]> {
  const cutter = createLineCutter();
  try {
    for (;;) {
      const coming = blocks.next();
      if (follow && cutter.waits && !(await within(coming, idleMs))) yield cutter.flush();
      const { value, done } = await coming;
      const lines = done ? cutter.flush() : cutter.push(value);
      if (lines.length > 0) yield lines;
      if (done) return;
    }
  } finally {
    // Not waited for: one that follows ends with its signal.
    void blocks.return(undefined);
  }
}

/** How many of at most `room` bytes from `at` on can be taken without cutting a UTF-8 character in two; at least 1. */
function wholeCharacters(bytes: Buffer, at: number, room: number): number {
  for (let size = room; size > Math.max(0, room - 4); size -= 1) {
    const next = bytes[at + size] ?? 0;
    if ((next & 0xc0) !== 0x80) return size;
  }
  return Math.max(1, room);
}
