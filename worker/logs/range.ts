import { chunkBefore, chunkFrom, type LogChunk, type LogStream } from "./records.ts";

/** Which part of a log is read. What is left out narrows nothing. */
export interface LogRange {
  /** From this offset on. */
  after?: number | undefined;
  /** Up to this offset. */
  before?: number | undefined;
  /** Written at this time or later, in nanoseconds since 1970. */
  since?: bigint | undefined;
  /** Written at this time or earlier. */
  until?: bigint | undefined;
  stream?: LogStream | undefined;
  /** Of all that, only the last so many lines. */
  tail?: number | undefined;
}

/** A clock that is set back makes later output look older, but hardly by more than this: behind it nothing is looked for. */
const clockSlack = 60_000_000_000n;

/** What of some chunks lies in a range; `tail` apart. */
export function narrow(chunks: readonly LogChunk[], range: LogRange): LogChunk[] {
  const { after = 0, before = Number.POSITIVE_INFINITY, since, until, stream } = range;
  const kept: LogChunk[] = [];
  for (const chunk of chunks) {
    if (stream !== undefined && chunk.stream !== stream) continue;
    if ((since !== undefined && chunk.time < since) || (until !== undefined && chunk.time > until)) continue;
    const rest = chunkFrom(chunk, after);
    const part = rest && chunkBefore(rest, before);
    if (part) kept.push(part);
  }
  return kept;
}

/** Whether nothing of a range can come at an offset and behind it, or after a time. */
export function isOver({ before, until }: LogRange, offset: number, time: bigint): boolean {
  return (before !== undefined && offset >= before) || (until !== undefined && time > until + clockSlack);
}
