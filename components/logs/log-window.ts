import type { LogRecord } from "@/lib/contract/log.ts";

/** A line as it is shown; one whose end has not come yet is `open` and grows. */
export interface LogLine {
  key: string;
  offset: number;
  next: number;
  time: string;
  stream: LogRecord["stream"];
  container: string | undefined;
  text: string;
  matches: LogRecord["matches"];
  open: boolean;
}

/** Neighbouring lines that are drawn, and left alone, together. */
export interface LogChunk {
  key: string;
  lines: readonly LogLine[];
}

/** The part of a log that a page holds, in order. */
export interface LogWindow {
  chunks: readonly LogChunk[];
  lines: number;
}

export const emptyWindow: LogWindow = { chunks: [], lines: 0 };

const chunkLines = 100;

/** Characters of one line that are kept: a line without an end must not grow for ever. */
const longestLine = 256 * 1024;

/** The window with newer records behind it. */
export function append(window: LogWindow, records: readonly LogRecord[]): LogWindow {
  if (records.length === 0) return window;
  const last = window.chunks.at(-1);
  // A full chunk matters to what comes next only while a line of it is still open.
  const grown = last && (last.lines.length < chunkLines || last.lines.some(({ open }) => open)) ? last : null;
  const kept = grown ? window.chunks.slice(0, -1) : window.chunks;
  const chunks = [...kept, ...inChunks(toLines(records, grown?.lines ?? []), grown?.key)];
  return { chunks, lines: countLines(chunks) };
}

/** The window with older records, whose last line is whole, in front of it. */
export function prepend(window: LogWindow, records: readonly LogRecord[]): LogWindow {
  const chunks = [...inChunks(toLines(records, [])), ...window.chunks];
  return { chunks, lines: countLines(chunks) };
}

/** The window without its oldest chunks, as far as `most` lines stay. */
export function trimStart(window: LogWindow, most: number): LogWindow {
  let { lines } = window;
  let from = 0;
  while (from < window.chunks.length && lines - (window.chunks[from]?.lines.length ?? 0) >= most) {
    lines -= window.chunks[from]?.lines.length ?? 0;
    from += 1;
  }
  return from === 0 ? window : { chunks: window.chunks.slice(from), lines };
}

export function firstOffset({ chunks }: LogWindow): number | null {
  return chunks[0]?.lines[0]?.offset ?? null;
}

export function nextOffset({ chunks }: LogWindow): number | null {
  return chunks.at(-1)?.lines.at(-1)?.next ?? null;
}

/** The records as lines; one that goes on with a known line that is open makes that longer. */
function toLines(records: readonly LogRecord[], known: readonly LogLine[]): LogLine[] {
  const lines = [...known];
  const open = new Map<string, number>();
  const mark = (line: LogLine, at: number) => (line.open ? open.set(writer(line), at) : open.delete(writer(line)));
  lines.forEach(mark);
  for (const record of records) {
    const at = open.get(writer(record)) ?? lines.length;
    const before = lines[at];
    const line = before ? joinedLine(before, record) : asLine(record);
    lines[at] = line;
    mark(line, at);
  }
  return lines;
}

/** Whose output it is: lines of different writers never go on with each other. */
function writer({ stream, container }: Pick<LogRecord, "stream" | "container">): string {
  return `${stream} ${container ?? ""}`;
}

function asLine({ offset, next, time, stream, container, text, matches }: LogRecord): LogLine {
  const open = !text.endsWith("\n");
  const key = `${container ?? ""}${offset}${stream}`;
  return { key, offset, next, time, stream, container, text: open ? text : text.slice(0, -1), matches, open };
}

function joinedLine(line: LogLine, { next, text, matches = [] }: LogRecord): LogLine {
  const open = !text.endsWith("\n");
  const more = open ? text : text.slice(0, -1);
  const shifted = matches.map(([start, end]): [number, number] => [start + line.text.length, end + line.text.length]);
  return {
    ...line,
    next,
    open,
    text: (line.text + more).slice(0, longestLine),
    matches: shifted.length > 0 ? [...(line.matches ?? []), ...shifted] : line.matches,
  };
}

function inChunks(lines: readonly LogLine[], firstKey?: string): LogChunk[] {
  const chunks: LogChunk[] = [];
  for (let at = 0; at < lines.length; at += chunkLines) {
    const part = lines.slice(at, at + chunkLines);
    chunks.push({ key: (at === 0 && firstKey) || (part[0]?.key ?? ""), lines: part });
  }
  return chunks;
}

function countLines(chunks: readonly LogChunk[]): number {
  return chunks.reduce((sum, { lines }) => sum + lines.length, 0);
}
