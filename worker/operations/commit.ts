import { join } from "node:path";
import type { EventAction } from "../../lib/contract/event.ts";
import { Trace } from "../../lib/contract/trace.ts";
import type { Context } from "../context.ts";
import { readJson } from "../state/files.ts";
import {
  type ContainerRecord,
  type Done,
  eventId,
  keptOperations,
  type Status,
  toContainer,
  toEntry,
} from "../state/record.ts";

/** A change of a record. `action` makes it an event; `done` is the operation that it ends. */
export interface Change {
  fields?: Partial<Omit<ContainerRecord, "status" | "revision" | "event" | "operations">>;
  status?: Partial<Status>;
  action?: EventAction;
}

/**
 * Makes a change: record and outbox first, then whoever listens. When it resolves and was `durable`, both are on the
 * disk. A process that dies in between leaves a record whose last change is put into the outbox again at the next
 * start; ids made from the revision let the database take it once.
 */
export async function commit(
  context: Context,
  record: ContainerRecord,
  { fields, status, action }: Change,
  { durable, done = null }: { durable: boolean; done?: Done | null },
): Promise<ContainerRecord> {
  const revision = record.revision + 1;
  const next: ContainerRecord = {
    ...record,
    ...fields,
    status: { ...record.status, ...status },
    revision,
    event: action ? { action, at: new Date().toISOString(), revision } : record.event,
    operations: record.operations,
  };
  if (done) next.operations = [...record.operations, withStatus(done, next)].slice(-keptOperations);
  await Promise.all([context.records.save(next, { durable }), announce(context, next, durable, done !== null)]);
  if (next.event?.revision === revision) {
    const { action, at } = next.event;
    context.events.publish({ id: eventId(next), action, at, container: toContainer(next) });
  }
  return next;
}

/** Puts a record's last change, and with `withResult` its last operation, into the outbox. */
export async function announce(
  context: Context,
  record: ContainerRecord,
  durable: boolean,
  withResult: boolean,
): Promise<void> {
  const done = (withResult && record.operations.at(-1)) || null;
  const trace = done?.operation.verb === "start" ? await readTrace(context, record.id) : null;
  await context.outbox.append(toEntry(record, done, trace), { durable });
}

function withStatus(done: Done, record: ContainerRecord): Done {
  const gone = record.event === null || record.deletedAt !== null;
  return { ...done, status: gone ? null : record.status };
}

/** The trace of the container's last start, or null when there is none or it is damaged. */
export async function readTrace(context: Context, id: string): Promise<Trace | null> {
  return readJson(join(context.records.folder(id), "trace.json"), Trace).catch((error) => {
    context.log.warn({ container: id, err: error }, "trace not readable");
    return null;
  });
}
