/** A piece of output as the shim read it: `offset` is that of its first byte, `time` counts nanoseconds since 1970. */
export interface LogChunk {
  offset: number;
  time: bigint;
  /** 1 is stdout or the terminal, 2 stderr. */
  stream: 1 | 2;
  bytes: Uint8Array;
}

/** u64 offset, u64 time, u32 length, u8 stream, three zero bytes; big-endian, as native/shim/output_log.h has it. */
export const recordHeader = 24;
/** The shim writes no longer record: what claims to be longer is damaged. */
const largestRecord = 1024 * 1024;

/** What a block of a log file holds. */
export interface ParsedBlock {
  /** The records that are complete, as views of the block. */
  chunks: LogChunk[];
  /** Their length in the file. */
  used: number;
  /** Length of the sound record that is cut off by the block's end, as far as its header tells; 0 when there is none. */
  wanted: number;
}

/** Cuts a block into records, the first of which must not begin before the offset `end`. Stops at what is no record. */
export function parseRecords(block: Buffer, end: number): ParsedBlock {
  const chunks: LogChunk[] = [];
  let used = 0;
  while (used < block.length) {
    const rest = block.subarray(used);
    if (rest.length < recordHeader) return { chunks, used, wanted: recordHeader };
    const offset = Number(rest.readBigUInt64BE(0));
    const length = rest.readUInt32BE(16);
    const stream = rest.readUInt8(20);
    if (offset < end || length === 0 || length > largestRecord || (stream !== 1 && stream !== 2)) break;
    const size = recordHeader + length;
    if (rest.length < size) return { chunks, used, wanted: size };
    chunks.push({ offset, time: rest.readBigUInt64BE(8), stream, bytes: rest.subarray(recordHeader, size) });
    used += size;
    end = offset + length;
  }
  return { chunks, used, wanted: 0 };
}

/** The part of a chunk from an offset on, or null when all of it lies before. */
export function chunkFrom(chunk: LogChunk, offset: number): LogChunk | null {
  const skip = offset - chunk.offset;
  if (skip <= 0) return chunk;
  return skip < chunk.bytes.length ? { ...chunk, offset, bytes: chunk.bytes.subarray(skip) } : null;
}
