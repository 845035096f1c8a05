import { Readable } from "node:stream";
import { openWorkerResponse } from "../../lib/client/worker.ts";
import type { LogQuery } from "../../lib/contract/log.ts";
import type { WebContext } from "../context.ts";
import { findContainer } from "./find-container.ts";

const timeoutMs = 30_000;

/**
 * A container's output as the worker gives it: text, lines of JSON or server-sent events, as the request accepts.
 * A browser that comes back to an event stream names the last event that it had: there it goes on.
 */
export async function readLogs(
  context: WebContext,
  ref: string,
  query: LogQuery,
  { headers, signal }: Request,
): Promise<Response> {
  const { id, name } = await findContainer(context, ref);
  const resumed = { ...query, ...resumeFrom(headers.get("last-event-id")) };
  return proxyLog(context, `/containers/${id}/logs?${searchOf(resumed)}`, `${name}.log`, headers.get("accept"), signal);
}

function resumeFrom(lastEventId: string | null): Partial<LogQuery> {
  const after = Number(lastEventId ?? "");
  return lastEventId && Number.isSafeInteger(after) && after >= 0 ? { after, tail: undefined } : {};
}

function searchOf(query: LogQuery): URLSearchParams {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
}

async function proxyLog(
  context: WebContext,
  path: string,
  fileName: string,
  accept: string | null,
  clientGone: AbortSignal,
): Promise<Response> {
  const signal = AbortSignal.any([clientGone, context.stopping]);
  const headers = { accept: accept ?? "*/*" };
  const log = await openWorkerResponse(context.workerSocket, { method: "GET", path, headers, signal, timeoutMs });
  return new Response(Readable.toWeb(log) as ReadableStream<Uint8Array>, {
    headers: {
      "content-type": log.headers["content-type"] ?? "text/plain; charset=utf-8",
      "content-disposition": `inline; filename="${fileName}"`,
      // no-transform keeps Next's compression away, which would hold lines back.
      "cache-control": "no-store, no-transform",
    },
  });
}
