import { closeLogFiles, type LogFile, openLogFiles, readRecords, rewind } from "./files.ts";
import { chunkFrom, type LogChunk } from "./records.ts";

const newline = 0x0a;
/** Neighbouring records are put together up to this size, that of a frame of the terminal stream. */
const pieceSize = 32 * 1024;
/** Line starts that are too early are thrown away in blocks, not one by one. */
const blockOfStarts = 4096;

/**
 * The offset at which the last `lines` lines begin; 0 when there are fewer. A last line without its end counts.
 * With `stream` only that stream's lines count. Files are scanned from the newest to the oldest, a block at a time.
 */
export async function findTail(files: readonly LogFile[], lines: number, stream?: 1 | 2): Promise<number> {
  if (lines === 0) return findEnd(files);
  let missing = lines;
  let followed = false;
  for (const file of files.toReversed()) {
    const { starts, any } = await findLineStarts(file, missing, followed, stream);
    const first = starts[0];
    if (first !== undefined && starts.length === missing) return first;
    missing -= starts.length;
    followed ||= any;
  }
  return 0;
}

/**
 * Offsets of the last `wanted` places behind a newline in a file at which another byte follows, in this file or, when
 * it is `followed`, in a newer one; and whether the file holds any output.
 */
async function findLineStarts(file: LogFile, wanted: number, followed: boolean, stream?: 1 | 2) {
  let starts: number[] = [];
  let pending: number | null = null;
  let any = false;
  for await (const { offset, bytes, stream: from } of readRecords(file)) {
    if (stream !== undefined && from !== stream) continue;
    any = true;
    if (pending !== null) starts.push(offset);
    pending = null;
    for (let at = bytes.indexOf(newline); at !== -1; at = bytes.indexOf(newline, at + 1)) {
      if (at + 1 < bytes.length) starts.push(offset + at + 1);
      else pending = offset + at + 1;
    }
    if (starts.length > 2 * wanted + blockOfStarts) starts = starts.slice(-wanted);
  }
  rewind(file);
  if (pending !== null && followed) starts.push(pending);
  return { starts: starts.slice(-wanted), any };
}

async function findEnd(files: readonly LogFile[]): Promise<number> {
  for (const file of files.toReversed()) {
    let end = 0;
    for await (const { offset, bytes } of readRecords(file)) end = offset + bytes.length;
    rewind(file);
    if (end > 0) return end;
  }
  return 0;
}

/** Reads files that are open, oldest first, from an offset on. */
export async function* readFrom(files: readonly LogFile[], offset: number): AsyncGenerator<LogChunk> {
  for (const file of files.slice(await indexOfOffset(files, offset))) {
    for await (const chunk of readRecords(file)) {
      const part = chunkFrom(chunk, offset);
      if (part) yield part;
    }
  }
}

/** The newest file whose first record begins at or before the offset, so that older ones need not be read. */
async function indexOfOffset(files: readonly LogFile[], offset: number): Promise<number> {
  for (let index = files.length - 1; index > 0; index -= 1) {
    const first = await firstOffset(files[index]);
    if (first !== null && first <= offset) return index;
  }
  return 0;
}

async function firstOffset(file: LogFile | undefined): Promise<number | null> {
  if (!file) return null;
  for await (const { offset } of readRecords(file)) {
    rewind(file);
    return offset;
  }
  return null;
}

/**
 * The last `maxBytes` bytes of a container's output with their true offsets, in pieces of at most 32 KiB (or one
 * record, where that is longer): what a terminal that is opened after the container's end is shown.
 */
export async function readLogTail(folder: string, maxBytes: number): Promise<Omit<LogChunk, "time">[]> {
  const files = await openLogFiles(folder);
  try {
    const from = Math.max(0, (await findEnd(files)) - maxBytes);
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
    for await (const chunk of readFrom(files, from)) {
      const [first] = group;
      const joins = first?.stream === chunk.stream && first.offset + size === chunk.offset;
      if (!joins || size + chunk.bytes.length > pieceSize) finish();
      group.push(chunk);
      size += chunk.bytes.length;
    }
    finish();
    return pieces;
  } finally {
    await closeLogFiles(files);
  }
}
