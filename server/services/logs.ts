import { Readable } from "node:stream";
import * as z from "zod";
import { openWorkerResponse } from "../../lib/client/worker.ts";
import type { LogQuery, MergedLogQuery } from "../../lib/contract/log.ts";
import type { WebContext } from "../context.ts";
import { findContainer } from "./find-container.ts";

const timeoutMs = 30_000;

/**
 * A container's output as the worker gives it: text, lines of JSON or server-sent events, as the request accepts.
 * A browser that comes back to an event stream names the last event that it had: there it goes on.
 */
export async function readLogs(context: WebContext, ref: string, query: LogQuery, request: Request): Promise<Response> {
  const { id, name } = await findContainer(context, ref);
  const after = Number(request.headers.get("last-event-id") ?? Number.NaN);
  const resumed = Number.isSafeInteger(after) && after >= 0 ? { ...query, after, tail: undefined } : query;
  return proxyLog(context, `/containers/${id}/logs`, resumed, `${name}.log`, request);
}

/** The output of several containers as one. One who comes back goes on at the time of the last event. */
export async function readMergedLogs(context: WebContext, query: MergedLogQuery, request: Request): Promise<Response> {
  const containers = await Promise.all(query.containers.map((ref) => findContainer(context, ref)));
  const since = request.headers.get("last-event-id");
  const resumed = since !== null && z.iso.datetime().safeParse(since).success ? { since, tail: undefined } : {};
  const asked = { ...query, ...resumed, containers: containers.map(({ id }) => id).join(",") };
  return proxyLog(context, "/logs", asked, "minirun.log", request);
}

function searchOf(query: object): URLSearchParams {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
}

async function proxyLog(
  context: WebContext,
  path: string,
  query: object,
  fileName: string,
  request: Request,
): Promise<Response> {
  const signal = AbortSignal.any([request.signal, context.stopping]);
  const headers = { accept: request.headers.get("accept") ?? "*/*" };
  const log = await openWorkerResponse(context.workerSocket, {
    method: "GET",
    path: `${path}?${searchOf(query)}`,
    headers,
    signal,
    timeoutMs,
  });
  return new Response(Readable.toWeb(log) as ReadableStream<Uint8Array>, {
    headers: {
      "content-type": log.headers["content-type"] ?? "text/plain; charset=utf-8",
      "content-disposition": `inline; filename="${fileName}"`,
      // no-transform keeps Next's compression away, which would hold lines back.
      "cache-control": "no-store, no-transform",
    },
  });
}
