import type { LogRecord } from "../../lib/contract/log.ts";
import type { LogChunk } from "./records.ts";

const newline = 0x0a;

/** Nanoseconds since 1970 as RFC 3339 in UTC, with nine digits: 2026-01-01T00:00:00.000000001Z. */
export function formatTime(time: bigint): string {
  const milliseconds = new Date(Number(time / 1_000_000n)).toISOString().slice(0, -1);
  return `${milliseconds}${String(time % 1_000_000n).padStart(6, "0")}Z`;
}

/** Makes chunks, given in their order, into text: the bytes as they are, with `timestamps` each line behind its time. */
export function createTextFormatter({ timestamps }: { timestamps: boolean }): (chunk: LogChunk) => Uint8Array {
  let atLineStart = true;
  return ({ bytes, time }) => {
    if (!timestamps) return bytes;
    const stamp = Buffer.from(`${formatTime(time)} `);
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; ) {
      const end = bytes.indexOf(newline, at);
      const next = end === -1 ? bytes.length : end + 1;
      if (atLineStart) pieces.push(stamp);
      pieces.push(bytes.subarray(at, next));
      atLineStart = end !== -1;
      at = next;
    }
    return Buffer.concat(pieces);
  };
}

/**
 * Makes chunks, given in their order, into records of the API. A character that is split over two chunks of a stream
 * stands in the second one's text.
 */
export function createRecordFormatter(): (chunk: LogChunk) => LogRecord {
  const decoders = {
    1: new TextDecoder("utf-8", { ignoreBOM: true }),
    2: new TextDecoder("utf-8", { ignoreBOM: true }),
  };
  return ({ offset, time, stream, bytes }) => ({
    offset,
    next: offset + bytes.length,
    time: formatTime(time),
    stream: stream === 1 ? "stdout" : "stderr",
    text: decoders[stream].decode(bytes, { stream: true }),
  });
}
