/** A piece of output as the shim read it: `offset` is that of its first byte, `time` counts nanoseconds since 1970. */
export interface LogChunk {
  offset: number;
  time: bigint;
  stream: LogStream;
  bytes: Buffer;
}

/** 1 is stdout or the terminal, 2 stderr. */
export type LogStream = 1 | 2;

/** The terminal's size from some place in the output on: before the chunk of that number in its block. */
export interface LogSize {
  chunk: number;
  time: bigint;
  cols: number;
  rows: number;
}

/** u64 offset, u64 time, u32 length, u8 stream, three zero bytes; big-endian, as native/shim/output_log.h has it. */
const recordHeader = 24;
/** A record of this stream is no output: u16 columns, u16 rows. */
const sizeStream = 3;
const sizeLength = 4;
/** The shim writes no longer record: what claims to be longer is damaged. */
const largestRecord = 1024 * 1024;

/** What a block of a log file holds. */
export interface ParsedBlock {
  /** The records that are complete, as views of the block. */
  chunks: LogChunk[];
  /** The terminal's sizes among them. */
  sizes: LogSize[];
  /** Their length in the file. */
  used: number;
  /** Length of the sound record that is cut off by the block's end, as far as its header tells; 0 when there is none. */
  wanted: number;
}

/** Cuts a block into records, the first of which must not begin before the offset `end`. Stops at what is no record. */
export function parseRecords(block: Buffer, end: number): ParsedBlock {
  const chunks: LogChunk[] = [];
  const sizes: LogSize[] = [];
  let used = 0;
  while (used < block.length) {
    const body = used + recordHeader;
    if (body > block.length) return { chunks, sizes, used, wanted: recordHeader };
    const offset = readSafeInteger(block, used);
    const length = block.readUInt32BE(used + 16);
    const stream = block.readUInt8(used + 20);
    if (offset < end || !isSound(stream, length)) break;
    const next = body + length;
    if (next > block.length) return { chunks, sizes, used, wanted: recordHeader + length };
    const time = block.readBigUInt64BE(used + 8);
    used = next;
    if (stream === 1 || stream === 2) {
      chunks.push({ offset, time, stream, bytes: block.subarray(body, next) });
      end = offset + length;
    } else
      sizes.push({ chunk: chunks.length, time, cols: block.readUInt16BE(body), rows: block.readUInt16BE(body + 2) });
  }
  return { chunks, sizes, used, wanted: 0 };
}

function isSound(stream: number, length: number): boolean {
  if (stream === sizeStream) return length === sizeLength;
  return (stream === 1 || stream === 2) && length > 0 && length <= largestRecord;
}

/** How far whole records reach in a block, the output's offset there, and the latest of their times. */
export interface ScannedBlock {
  used: number;
  end: number;
  latest: bigint;
  wanted: number;
}

/** What {@link parseRecords} would find, without the records themselves: for an index, which looks at every one. */
export function scanRecords(block: Buffer, end: number, latest: bigint): ScannedBlock {
  let [high, low] = [Number(latest >> 32n), Number(latest & 0xffff_ffffn)];
  const scanned = (used: number, wanted: number) => ({
    used,
    end,
    latest: (BigInt(high) << 32n) | BigInt(low),
    wanted,
  });
  let used = 0;
  while (used < block.length) {
    if (used + recordHeader > block.length) return scanned(used, recordHeader);
    const offset = readSafeInteger(block, used);
    const length = block.readUInt32BE(used + 16);
    const stream = block.readUInt8(used + 20);
    if (offset < end || !isSound(stream, length)) break;
    const next = used + recordHeader + length;
    if (next > block.length) return scanned(used, recordHeader + length);
    const timeHigh = block.readUInt32BE(used + 8);
    const timeLow = block.readUInt32BE(used + 12);
    if (timeHigh > high || (timeHigh === high && timeLow > low)) [high, low] = [timeHigh, timeLow];
    used = next;
    if (stream !== sizeStream) end = offset + length;
  }
  return scanned(used, 0);
}

/** A u64 that counts bytes; beyond 2^53 it is none, and is answered as -1. */
function readSafeInteger(block: Buffer, at: number): number {
  const value = block.readUInt32BE(at) * 2 ** 32 + block.readUInt32BE(at + 4);
  return Number.isSafeInteger(value) ? value : -1;
}

/** The part of a chunk from an offset on, or null when all of it lies before. */
export function chunkFrom(chunk: LogChunk, offset: number): LogChunk | null {
  const skip = offset - chunk.offset;
  if (skip <= 0) return chunk;
  return skip < chunk.bytes.length ? { ...chunk, offset, bytes: chunk.bytes.subarray(skip) } : null;
}

/** The part of a chunk before an offset, or null when all of it lies behind. */
export function chunkBefore(chunk: LogChunk, offset: number): LogChunk | null {
  const keep = offset - chunk.offset;
  if (keep >= chunk.bytes.length) return chunk;
  return keep > 0 ? { ...chunk, bytes: chunk.bytes.subarray(0, keep) } : null;
}
