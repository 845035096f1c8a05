import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { readEventsBehind } from "../../lib/store/read-events.ts";
import type { WebContext } from "../context.ts";
import { lost, resync } from "../event-hub.ts";
import { ringLength } from "../event-ring.ts";
import { formatServerSent, generatedEventStream } from "../server-sent-events.ts";
import { readWorkerHealth } from "./health.ts";

const heartbeatMs = 15_000;

/**
 * Changes of containers as server-sent events. A plain message is a ContainerEvent, `operation` an OperationSummary;
 * `resync` asks to read the state anew, because events may have been missed; `lost` says that the worker is away and
 * what is known grows old. A client that comes back gets what it has missed: from memory, or after a restart of this
 * process from the database. One that falls too far behind is cut off, and comes back.
 */
export function watchEvents(context: WebContext, clientGone: AbortSignal, lastEventId: string | null): Response {
  const outer = AbortSignal.any([clientGone, context.stopping]);
  return generatedEventStream(outer, (signal) => streamEvents(context, lastEventId, signal));
}

async function* streamEvents(
  context: WebContext,
  lastEventId: string | null,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const { ring } = context.events;
  yield "retry: 1000\n\n";
  let place = lastEventId === null ? null : ring.placeBehind(lastEventId);
  const sent = new Set<string>();
  if (place === null) {
    place = ring.end;
    yield* catchUp(context, lastEventId, sent);
  }
  if (context.events.lostSince) yield lost;
  while (!signal.aborted) {
    const news = ring.read(place);
    if (!news) return;
    place = news.next;
    const text = news.entries.map(({ id, text }) => (id && sent.has(id) ? "" : text)).join("");
    if (text) yield text;
    else if (news.entries.length === 0 && !(await hasNews(context, signal))) yield ": heartbeat\n\n";
  }
}

/** Whether something comes before the next heartbeat is due. */
async function hasNews({ events }: WebContext, signal: AbortSignal): Promise<boolean> {
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const quiet = sleep(heartbeatMs, false, { signal: either }).catch(() => true);
  try {
    return await Promise.race([events.ring.changed(either).then(() => true), quiet]);
  } finally {
    over.abort();
  }
}

/** What came behind an event that memory does not know, from the database; or that all must be read anew. */
async function* catchUp(context: WebContext, lastEventId: string | null, sent: Set<string>): AsyncGenerator<string> {
  const pages = await eventsBehind(context, lastEventId).catch(() => null);
  if (!pages) return yield resync;
  try {
    for await (const events of pages) {
      for (const { id } of events) sent.add(id);
      yield events.map((event) => formatServerSent({ id: event.id, data: event })).join("");
    }
  } catch (error) {
    context.log.warn({ err: error }, "events could not be read");
    yield resync;
  }
}

/** Null when the database can't know all: it is away, or the worker has results that it does not have yet. */
async function eventsBehind(context: WebContext, lastEventId: string | null) {
  if (!z.uuid().safeParse(lastEventId).success || lastEventId === null || !context.database.available) return null;
  const { outbox } = await readWorkerHealth(context);
  return outbox > 0 ? null : readEventsBehind(context.store, context.config.node, lastEventId, ringLength);
}
