import { join } from "node:path";
import type { EventAction } from "../../lib/contract/event.ts";
import type { Operation } from "../../lib/contract/operation.ts";
import { Trace, type TraceOf } from "../../lib/contract/trace.ts";
import { uuidFrom } from "../../lib/uuid-from.ts";
import type { Context } from "../context.ts";
import { readJson } from "../state/files.ts";
import {
  type ContainerRecord,
  type Done,
  isLive,
  keptOperations,
  type Status,
  toContainer,
  toEntry,
  toResult,
  toSummary,
} from "../state/record.ts";

/** A change of a record. `action` makes it an event; `done` is the operation that it ends. */
export interface Change {
  fields?: Partial<Omit<ContainerRecord, "status" | "revision" | "event" | "operations">>;
  status?: Partial<Status>;
  action?: EventAction;
}

/**
 * Makes a change: the outbox first, then the record, then whoever listens. When it resolves and was `durable`, both are
 * on the disk. A process that dies between the two leaves a record from before the change; carried out again, the
 * change gets the same revision and its event the same id, and the database takes them once.
 */
export async function commit(
  context: Context,
  record: ContainerRecord,
  { fields, status, action }: Change,
  { durable, done = null }: { durable: boolean; done?: Done | null },
): Promise<ContainerRecord> {
  const next: ContainerRecord = {
    ...record,
    ...fields,
    status: { ...record.status, ...status },
    revision: record.revision + 1,
  };
  if (action) next.event = { id: eventId(next, action, done), action, at: new Date().toISOString() };
  if (done) next.operations = [...record.operations, withStatus(done, next)].slice(-keptOperations);
  await announce(context, next, { durable, withResult: done !== null });
  await context.records.save(next, { durable });
  tellAll(context, next, action !== undefined, done);
  return next;
}

/** Tells whoever listens how a record now stands: by its event, or without one, and by the operation that has ended. */
function tellAll({ events }: Context, record: ContainerRecord, isEvent: boolean, done: Done | null): void {
  if (record.event && isEvent) {
    events.tell({ type: "event", event: { ...record.event, container: toContainer(record) } });
  } else if (isLive(record)) events.tell({ type: "container", container: toContainer(record) });
  if (done) events.tell({ type: "operation", operation: toSummary(toResult(record, done)) });
}

/** Made from what happened: an operation began or ended something once, a run ends once. */
function eventId(record: ContainerRecord, action: EventAction, done: Done | null): string {
  const isEnd = action === "exited" || action === "lost" || action === "restarting";
  const cause = isEnd ? record.run : (done?.operation.id ?? record.current?.id);
  return uuidFrom(`${record.id} ${cause} ${action}`);
}

/** Puts how a record stands, and with `withResult` its last operation, into the outbox. */
export async function announce(
  context: Context,
  record: ContainerRecord,
  { durable, withResult }: { durable: boolean; withResult: boolean },
): Promise<void> {
  const done = (withResult && record.operations.at(-1)) || null;
  const trace = done && (await traceOf(context, record.id, done));
  await context.outbox.append(toEntry(record, done, trace), { durable });
}

/** Whether an operation begins a run, and so leaves a trace of that. */
export function startsRun({ verb }: Operation): boolean {
  return verb === "start" || verb === "restart";
}

/** What an operation leaves: the trace of the run that it began, or of the end that it brought about. */
async function traceOf(context: Context, id: string, { operation, startedAt }: Done): Promise<Trace | null> {
  if (startsRun(operation)) return readTrace(context, id, "start");
  if (operation.verb !== "stop" && operation.verb !== "kill") return null;
  const end = await readTrace(context, id, "end");
  // The last end may be one before, and this operation have found nothing to end.
  return end && Date.parse(end.startedAt) + end.totalNs / 1e6 >= Date.parse(startedAt) ? end : null;
}

function withStatus(done: Done, record: ContainerRecord): Done {
  const gone = record.event === null || record.deletedAt !== null;
  return { ...done, status: gone ? null : record.status, revision: record.revision };
}

/** The files of traces, in the folder of a container or of a session. */
export const traceFiles: Record<TraceOf, string> = { start: "trace.json", end: "end-trace.json" };

/** The trace of the container's last start or last end, or null when there is none or it is damaged. */
export async function readTrace(context: Context, id: string, of: TraceOf): Promise<Trace | null> {
  return readJson(join(context.records.folder(id), traceFiles[of]), Trace).catch((error) => {
    context.log.warn({ container: id, of, err: error }, "trace not readable");
    return null;
  });
}
