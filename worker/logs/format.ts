import type { LogRecord } from "../../lib/contract/log.ts";
import type { LogLine } from "./lines.ts";

/** A line as it is handed on: in a merged log with its container's name, in a search with the places that were found. */
export interface ShownLine extends LogLine {
  container?: string;
  matches?: [start: number, end: number][];
}

const newline = 0x0a;
const million = 1_000_000n;

/** Nanoseconds since 1970 as RFC 3339 in UTC, with nine digits: 2026-01-01T00:00:00.000000001Z. */
export function formatTime(time: bigint): string {
  const milliseconds = new Date(Number(time / million)).toISOString().slice(0, -1);
  return `${milliseconds}${String(time % million).padStart(6, "0")}Z`;
}

/** Makes lines, given in their order, into text: their bytes, with `timestamps` each line behind its time. */
export function createTextFormat({ timestamps }: { timestamps: boolean }): (lines: readonly ShownLine[]) => Buffer {
  const stampOf = createStamps();
  // A piece that goes on with a line has no time of its own.
  const continues = { 1: false, 2: false };
  return (lines) => {
    const pieces: Buffer[] = [];
    for (const { bytes, time, stream, container } of lines) {
      if (container !== undefined) pieces.push(Buffer.from(`${container} | `));
      if (timestamps && !continues[stream]) pieces.push(Buffer.from(`${stampOf(time)} `));
      pieces.push(bytes);
      continues[stream] = bytes[bytes.length - 1] !== newline;
    }
    return Buffer.concat(pieces);
  };
}

/** Makes lines into records of the API, each as one line of JSON. */
export function createJsonFormat(): (lines: readonly ShownLine[]) => string {
  const toRecord = createRecordFormat();
  return (lines) => {
    let text = "";
    for (const line of lines) text += `${JSON.stringify(toRecord(line))}\n`;
    return text;
  };
}

/** Makes lines into server-sent events: the data is the record, the id that with which a follower resumes. */
export function createEventFormat(): (lines: readonly ShownLine[]) => string {
  const toRecord = createRecordFormat();
  return (lines) => {
    let text = "";
    for (const line of lines) {
      const record = toRecord(line);
      const id = line.container === undefined ? line.next : record.time;
      text += `id: ${id}\ndata: ${JSON.stringify(record)}\n\n`;
    }
    return text;
  };
}

function createRecordFormat(): (line: ShownLine) => LogRecord {
  const stampOf = createStamps();
  return ({ offset, next, time, stream, bytes, container, matches }) => ({
    offset,
    next,
    time: stampOf(time),
    stream: stream === 1 ? "stdout" : "stderr",
    text: bytes.toString(),
    ...(container !== undefined && { container }),
    ...(matches && { matches }),
  });
}

/** Lines that were read at once have one time: it is made into text once. */
function createStamps(): (time: bigint) => string {
  let last = -1n;
  let text = "";
  return (time) => {
    if (time !== last) {
      last = time;
      text = formatTime(time);
    }
    return text;
  };
}
