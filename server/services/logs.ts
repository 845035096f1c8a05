import type { IncomingMessage } from "node:http";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { openWorkerResponse } from "../../lib/client/worker.ts";
import { type LogQuery, LogRecord } from "../../lib/contract/log.ts";
import type { WebContext } from "../context.ts";
import { type EventSink, eventStreamResponse } from "../server-sent-events.ts";
import { findContainer } from "./find-container.ts";

const timeoutMs = 10_000;

/** A container's output: its bytes as text, or with `follow` its records as server-sent events, whose id is the offset. */
export async function readLogs(
  context: WebContext,
  ref: string,
  query: LogQuery,
  clientGone: AbortSignal,
): Promise<Response> {
  const { id, name } = await findContainer(context, ref);
  const path = `/containers/${id}/logs?${searchOf(query)}`;
  const signal = AbortSignal.any([clientGone, context.stopping]);
  if (query.follow) return follow(context, path, signal);
  const log = await openWorkerResponse(context.workerSocket, { method: "GET", path, signal, timeoutMs });
  return new Response(Readable.toWeb(log) as ReadableStream<Uint8Array>, {
    headers: {
      "content-type": "text/plain; charset=utf-8",
      "content-disposition": `inline; filename="${name}.log"`,
      "cache-control": "no-store",
    },
  });
}

function searchOf({ tail, stream, timestamps, follow }: LogQuery): URLSearchParams {
  return new URLSearchParams({
    ...(tail !== undefined && { tail: String(tail) }),
    ...(stream && { stream }),
    ...(timestamps && { timestamps: "1" }),
    ...(follow && { follow: "1" }),
  });
}

async function follow(context: WebContext, path: string, clientGone: AbortSignal): Promise<Response> {
  const over = new AbortController();
  const signal = AbortSignal.any([clientGone, over.signal]);
  const headers = { accept: "application/x-ndjson" };
  const records = await openWorkerResponse(context.workerSocket, { method: "GET", path, headers, signal, timeoutMs });
  return eventStreamResponse(clientGone, (sink) => {
    sendRecords(records, sink).catch((error: unknown) => {
      if (!signal.aborted) context.log.warn({ err: error }, "a followed log broke off");
      sink.end();
    });
    return () => over.abort();
  });
}

async function sendRecords(records: IncomingMessage, sink: EventSink): Promise<void> {
  for await (const line of createInterface({ input: records, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line === "") continue;
    const record = LogRecord.parse(JSON.parse(line));
    sink.send({ id: String(record.offset), data: record });
  }
  sink.send({ event: "end", data: null });
  sink.end();
}
