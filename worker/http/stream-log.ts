import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { LogQuery } from "../../lib/contract/log.ts";
import type { Context } from "../context.ts";
import { createEventFormat, createJsonFormat, createTextFormat, type ShownLine } from "../logs/format.ts";
import { readLines } from "../logs/lines.ts";
import { parseMoment } from "../logs/moment.ts";
import { type ReadLog, readLog } from "../logs/read-log.ts";
import type { LogChunk } from "../logs/records.ts";
import type { ContainerRecord } from "../state/record.ts";
import type { Call } from "./server.ts";

const heartbeatMs = 15_000;

/** Sends a container's output in the format that the request accepts, no faster than it is taken. */
export async function streamLog(
  context: Context,
  { id }: ContainerRecord,
  query: LogQuery,
  { request, response }: Call,
  stopping: AbortSignal,
): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const signal = AbortSignal.any([gone.signal, stopping]);
  const blocks = readLog(context.records.folder(id), {
    ...readOptions(query),
    signal,
    isRunning: () => goesOn(context, id),
  });
  const type = acceptedType(request, query);
  if (type === "text/plain" && !query.timestamps) return send(response, "text/plain", plainBytes(blocks), signal);
  await send(response, type, formatted(type, query, readLines(blocks, query)), signal);
}

type LogType = "text/plain" | "application/x-ndjson" | "text/event-stream";

/** Server-sent events for those who follow, unless they ask for lines of JSON; else what is asked for, or text. */
function acceptedType({ headers: { accept = "" } }: IncomingMessage, { follow }: LogQuery): LogType {
  if (accept.includes("application/x-ndjson")) return "application/x-ndjson";
  return follow || accept.includes("text/event-stream") ? "text/event-stream" : "text/plain";
}

function readOptions({ tail, since, until, before, after, stream, follow }: LogQuery): Omit<ReadLog, "isRunning"> {
  return {
    tail,
    before,
    after,
    follow,
    since: since === undefined ? undefined : parseMoment(since),
    until: until === undefined ? undefined : parseMoment(until),
    stream: stream && (stream === "stdout" ? 1 : 2),
  };
}

/** Whether more output may come from a container. */
function goesOn(context: Context, id: string): boolean {
  const state = context.records.get(id)?.status.state;
  return state !== undefined && state !== "created" && state !== "exited" && state !== "lost";
}

async function* plainBytes(blocks: AsyncGenerator<LogChunk[]>): AsyncGenerator<Buffer> {
  for await (const chunks of blocks) yield Buffer.concat(chunks.map(({ bytes }) => bytes));
}

async function* formatted(type: LogType, { timestamps }: LogQuery, batches: AsyncGenerator<ShownLine[]>) {
  const formats = {
    "text/plain": createTextFormat({ timestamps }),
    "application/x-ndjson": createJsonFormat(),
    "text/event-stream": createEventFormat(),
  };
  for await (const lines of batches) yield formats[type](lines);
}

/** Sends pieces as they come, each when the one before is taken; the end of an event stream is an event too. */
async function send(
  response: ServerResponse,
  type: LogType,
  pieces: AsyncGenerator<string | Buffer>,
  signal: AbortSignal,
): Promise<void> {
  response.writeHead(200, { "content-type": type === "text/plain" ? "text/plain; charset=utf-8" : type });
  const isEventStream = type === "text/event-stream";
  // Without a first byte the headers would not go out either.
  if (isEventStream) response.write("retry: 1000\n\n");
  else response.flushHeaders();
  const heartbeat = isEventStream && setInterval(() => response.write(": heartbeat\n\n"), heartbeatMs);
  try {
    for await (const piece of pieces) {
      if (!response.write(piece)) await once(response, "drain", { signal }).catch(() => {});
      if (signal.aborted) break;
    }
    if (isEventStream && !signal.aborted) response.write("event: end\ndata: null\n\n");
  } finally {
    clearInterval(heartbeat || undefined);
    response.end();
  }
}
