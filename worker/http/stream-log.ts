import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { LogQuery, MergedLogQuery } from "../../lib/contract/log.ts";
import { ProblemError } from "../../lib/contract/problem.ts";
import type { Context } from "../context.ts";
import { createEventFormat, createJsonFormat, createTextFormat, type ShownLine } from "../logs/format.ts";
import { createMatcher, type Matcher } from "../logs/matcher.ts";
import { readLog } from "../logs/read-log.ts";
import type { LogChunk } from "../logs/records.ts";
import { type LogSource, rangeOf, type ShowLog, showLog, showMergedLog } from "../logs/show-log.ts";
import type { ContainerRecord } from "../state/record.ts";
import type { Call } from "./server.ts";

const heartbeatMs = 15_000;

/** Sends a container's output in the format that the request accepts, no faster than it is taken. */
export function streamLog(
  context: Context,
  record: ContainerRecord,
  query: LogQuery,
  call: Call,
  stopping: AbortSignal,
): Promise<void> {
  const source = sourceOf(context, record);
  return stream(query, call, stopping, (type, options) => {
    const asItIs = type === "text/plain" && !query.timestamps && !options.matcher;
    if (asItIs) return plainBytes(readLog(source.folder, { ...source, ...options, ...options.range }));
    return formatted(type, query, showLog(source, options));
  });
}

/** Sends the output of several containers in order of time. */
export function streamMergedLog(
  context: Context,
  records: readonly ContainerRecord[],
  query: MergedLogQuery,
  call: Call,
  stopping: AbortSignal,
): Promise<void> {
  const sources = new Map(records.map((record) => [record.spec.name, sourceOf(context, record)]));
  return stream(query, call, stopping, (type, options) => formatted(type, query, showMergedLog(sources, options)));
}

type LogType = "text/plain" | "application/x-ndjson" | "text/event-stream";
type Pieces = AsyncGenerator<string | Buffer>;

async function stream(
  query: LogQuery,
  { request, response }: Call,
  stopping: AbortSignal,
  read: (type: LogType, options: ShowLog) => Pieces,
): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const signal = AbortSignal.any([gone.signal, stopping]);
  const type = acceptedType(request, query);
  const matcher = matcherFor(query);
  const pieces = read(type, { range: rangeOf(query), follow: query.follow, matcher, signal });
  try {
    await send(response, type, pieces, signal, { waits: matcher !== null && !query.follow });
  } finally {
    matcher?.close();
  }
}

/** Server-sent events for those who follow, unless they ask for lines of JSON; else what is asked for, or text. */
function acceptedType({ headers: { accept = "" } }: IncomingMessage, { follow }: LogQuery): LogType {
  if (accept.includes("application/x-ndjson")) return "application/x-ndjson";
  return follow || accept.includes("text/event-stream") ? "text/event-stream" : "text/plain";
}

function matcherFor({ grep, ignoreCase, follow }: LogQuery): Matcher | null {
  return grep === undefined ? null : createMatcher(grep, { ignoreCase, endless: follow });
}

function sourceOf(context: Context, { id }: ContainerRecord): LogSource {
  return { folder: context.records.folder(id), isRunning: () => goesOn(context, id) };
}

/** Whether more output may come from a container. */
function goesOn(context: Context, id: string): boolean {
  const state = context.records.get(id)?.status.state;
  return state !== undefined && state !== "created" && state !== "exited" && state !== "lost";
}

async function* plainBytes(blocks: AsyncGenerator<LogChunk[]>): Pieces {
  for await (const chunks of blocks) yield Buffer.concat(chunks.map(({ bytes }) => bytes));
}

async function* formatted(type: LogType, { timestamps }: LogQuery, batches: AsyncGenerator<ShownLine[]>): Pieces {
  const formats = {
    "text/plain": createTextFormat({ timestamps }),
    "application/x-ndjson": createJsonFormat(),
    "text/event-stream": createEventFormat(),
  };
  for await (const lines of batches) yield formats[type](lines);
}

/**
 * Sends pieces as they come, each when the one before is taken; the end of an event stream, and what breaks it off, are
 * events too. One that `waits` gets its status when the first piece is there: what fails before is answered as it is.
 */
async function send(
  response: ServerResponse,
  type: LogType,
  pieces: Pieces,
  signal: AbortSignal,
  { waits }: { waits: boolean },
): Promise<void> {
  const first = waits ? await pieces.next() : null;
  const isEventStream = type === "text/event-stream";
  response.writeHead(200, { "content-type": type === "application/x-ndjson" ? type : `${type}; charset=utf-8` });
  // Without a first byte the headers would not go out either.
  if (isEventStream) response.write("retry: 1000\n\n");
  else response.flushHeaders();
  const heartbeat = isEventStream && setInterval(() => response.write(": heartbeat\n\n"), heartbeatMs);
  try {
    for (let next = first ?? (await pieces.next()); !next.done && !signal.aborted; next = await pieces.next()) {
      if (!response.write(next.value)) await once(response, "drain", { signal }).catch(() => {});
    }
    if (isEventStream && !signal.aborted) response.write("event: end\ndata: null\n\n");
  } catch (error) {
    if (!isEventStream || !(error instanceof ProblemError)) throw error;
    response.write(`event: problem\ndata: ${JSON.stringify(error.problem)}\n\n`);
  } finally {
    clearInterval(heartbeat || undefined);
    void pieces.return(undefined);
  }
  response.end();
}
