import type { ShownLine } from "./format.ts";
import { createLineCutter, type LogLine } from "./lines.ts";
import type { Matcher } from "./matcher.ts";
import type { LogChunk } from "./records.ts";

const newline = 0x0a;
const carriageReturn = 0x0d;
/** So many characters, about, are searched at once. */
const batchBytes = 256 * 1024;
/** A line without an end is taken to begin here at the latest, when it is read backwards. In bytes. */
const longestCarry = 1024 * 1024;

/** The lines in which the matcher finds something, with the places. */
export async function* searchLines(batches: AsyncGenerator<LogLine[]>, matcher: Matcher): AsyncGenerator<ShownLine[]> {
  for await (const lines of batches) {
    for (const part of inParts(lines)) {
      const found = await find(part, matcher);
      if (found.length > 0) yield found;
    }
  }
}

async function find(lines: readonly LogLine[], matcher: Matcher): Promise<ShownLine[]> {
  const matches = await matcher.match(lines.map(({ bytes }) => bytes.toString("utf8", 0, endOf(bytes))));
  return lines.flatMap((line, at) => {
    const places = matches[at];
    return places ? [{ ...line, matches: places }] : [];
  });
}

/** Where a line's text ends: before its line feed, and what a terminal puts in front of that. */
function endOf(bytes: Buffer): number {
  if (bytes[bytes.length - 1] !== newline) return bytes.length;
  return bytes[bytes.length - 2] === carriageReturn ? bytes.length - 2 : bytes.length - 1;
}

function* inParts(lines: readonly LogLine[]): Generator<LogLine[]> {
  let part: LogLine[] = [];
  let size = 0;
  for (const line of lines) {
    part.push(line);
    size += line.bytes.length;
    if (size < batchBytes) continue;
    yield part;
    part = [];
    size = 0;
  }
  if (part.length > 0) yield part;
}

/**
 * The offset at which the last `wanted` lines begin that the matcher finds; 0 when there are fewer. `segments` are the
 * chunks of a log, the newest segment first.
 */
export async function findTailOfMatches(
  segments: AsyncGenerator<LogChunk[]>,
  wanted: number,
  matcher: Matcher,
): Promise<number> {
  let missing = wanted;
  const firstOf = async (chunks: readonly LogChunk[]): Promise<number | null> => {
    const cutter = createLineCutter();
    const lines = [...cutter.push(chunks), ...cutter.flush()];
    for (const part of [...inParts(lines)].reverse()) {
      const found = await find(part, matcher);
      const first = found.at(-missing);
      if (first) return first.offset;
      missing -= found.length;
    }
    return null;
  };
  // What stands before a segment's first line feed ends a line that begins in the segment before.
  let carry: LogChunk[] = [];
  for await (const chunks of segments) {
    const { head, rest } = splitAtLine(chunks);
    const first = await firstOf([...rest, ...(rest.length > 0 ? carry : [])]);
    if (first !== null) return first;
    carry = rest.length > 0 ? head : [...head, ...carry];
    if (sizeOf(carry) < longestCarry) continue;
    const long = await firstOf(carry);
    if (long !== null) return long;
    carry = [];
  }
  return (await firstOf(carry)) ?? 0;
}

/** Chunks up to their first line feed, and the rest. */
function splitAtLine(chunks: readonly LogChunk[]): { head: LogChunk[]; rest: LogChunk[] } {
  const at = chunks.findIndex(({ bytes }) => bytes.includes(newline));
  const chunk = chunks[at];
  if (!chunk) return { head: [...chunks], rest: [] };
  const end = chunk.bytes.indexOf(newline) + 1;
  const before = { ...chunk, bytes: chunk.bytes.subarray(0, end) };
  const behind = { ...chunk, offset: chunk.offset + end, bytes: chunk.bytes.subarray(end) };
  return {
    head: [...chunks.slice(0, at), before],
    rest: [...(behind.bytes.length > 0 ? [behind] : []), ...chunks.slice(at + 1)],
  };
}

function sizeOf(chunks: readonly LogChunk[]): number {
  return chunks.reduce((size, { bytes }) => size + bytes.length, 0);
}
