import * as z from "zod";
import {
  type Container,
  ContainerId,
  ContainerSpec,
  ContainerState,
  ExitReason,
  IdRange,
  MissingFeature,
} from "../../lib/contract/container.ts";
import { EventAction } from "../../lib/contract/event.ts";
import { Operation, type OperationResult, type OperationSummary } from "../../lib/contract/operation.ts";
import { Problem } from "../../lib/contract/problem.ts";
import type { Trace } from "../../lib/contract/trace.ts";
import type { OutboxEntry } from "../../lib/store/outbox-entry.ts";
import { operationEntry } from "../audit/operation-entry.ts";

/** A process, named so that a pid that was given to another one is not taken for it. */
export const ProcessIdentity = z.object({ pid: z.int(), startTime: z.string() });
export type ProcessIdentity = z.infer<typeof ProcessIdentity>;

/** The part of a container that changes. */
const Status = z.object({
  state: ContainerState,
  generation: z.int(),
  pid: z.int().nullable(),
  exitCode: z.int().nullable(),
  signal: z.string().nullable(),
  reason: ExitReason.nullable(),
  oomKills: z.int(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
  restartCount: z.int().default(0),
  nextStartAt: z.iso.datetime().nullable().default(null),
  missing: z.array(MissingFeature),
  problem: Problem.nullable(),
});
export type Status = z.infer<typeof Status>;

/** An operation that was carried out: enough to give the same answer again. */
const Done = z.object({
  operation: Operation,
  state: z.enum(["succeeded", "failed"]),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  problem: Problem.nullable(),
  /** The container right after it; null when it left none. */
  status: Status.nullable(),
  revision: z.int().default(0),
});
export type Done = z.infer<typeof Done>;

/** record.json: what this node knows of a container. The truth, from which outbox and database follow. */
export const ContainerRecord = z.object({
  version: z.literal(1),
  id: ContainerId,
  node: z.string(),
  spec: ContainerSpec,
  createdAt: z.iso.datetime(),
  /** When it was deleted, or when its creation failed; the record stays for a day to answer for its operations. */
  deletedAt: z.iso.datetime().nullable(),
  status: Status,
  /** Counts the changes of this record: the database never goes back to an older one. */
  revision: z.int(),
  /** The last event; null until the container was made. */
  event: z.object({ id: z.uuid(), action: EventAction, at: z.iso.datetime() }).nullable(),
  /** The lower layer that its image stands for. */
  lower: z.string().nullable(),
  /** The current or last run: the operation that began it, boot, first process and shim. */
  run: z.uuid().nullable(),
  bootId: z.string().nullable(),
  startTime: z.string().nullable(),
  shim: ProcessIdentity.nullable(),
  /** The ids that it was made with, and keeps; null for one with the host's. */
  idRange: IdRange.nullable(),
  /** Why it has the host's although it was to have its own. */
  idRangeMissing: z.string().nullable().default(null),
  /** Stands for a record that can't be read: nothing is known of the container but what is left of its name. */
  damaged: z.boolean().default(false),
  /** Someone has asked for the end of this run: no restart policy goes against that. */
  endWanted: z.boolean().default(false),
  /** Runs in a row that ended soon; what a restart policy waits for doubles with each. */
  quickEnds: z.int().default(0),
  /** The operation that was accepted and is being carried out. */
  current: Operation.nullable(),
  /** The last ones that were, newest last. */
  operations: z.array(Done),
  /** When the last one without a generation was asked for: jobs asked for earlier were overtaken. */
  directAt: z.iso.datetime().nullable(),
});
export type ContainerRecord = z.infer<typeof ContainerRecord>;

/** How many results a record keeps. */
export const keptOperations = 16;

/** A container that was asked for and has not been made yet. */
export function newRecord(id: string, node: string, spec: ContainerSpec, now: string): ContainerRecord {
  return {
    version: 1,
    id,
    node,
    spec,
    createdAt: now,
    deletedAt: null,
    status: {
      state: "created",
      generation: 0,
      pid: null,
      exitCode: null,
      signal: null,
      reason: null,
      oomKills: 0,
      startedAt: null,
      finishedAt: null,
      restartCount: 0,
      nextStartAt: null,
      missing: [],
      problem: null,
    },
    revision: 0,
    event: null,
    lower: null,
    run: null,
    bootId: null,
    startTime: null,
    shim: null,
    idRange: null,
    idRangeMissing: null,
    damaged: false,
    endWanted: false,
    quickEnds: 0,
    current: null,
    operations: [],
    directAt: null,
  };
}

/** The container as every face shows it; with another status and revision, as it stood then. */
export function toContainer(
  record: ContainerRecord,
  { status, revision }: Pick<ContainerRecord, "status" | "revision"> = record,
): Container {
  const { id, node, spec, createdAt, idRange } = record;
  return { ...spec, id, node, createdAt, idRange, revision, hostname: spec.hostname ?? spec.name, ...status };
}

/** Whether people see this container: it was made, and not deleted. */
export function isLive(record: ContainerRecord): boolean {
  return record.event !== null && record.deletedAt === null;
}

export function toResult(record: ContainerRecord, done: Done): OperationResult {
  const { operation, status, revision, ...rest } = done;
  const { arguments: _, origin: __, ...request } = operation;
  return {
    ...request,
    ...rest,
    containerName: record.spec.name,
    progress: null,
    container: status && toContainer(record, { status, revision }),
  };
}

/** A result as lists and event streams show it. */
export function toSummary({ container: _, ...summary }: OperationResult): OperationSummary {
  return summary;
}

/** How a record stands as an entry of the outbox; `done` is the operation that made it so. */
export function toEntry(record: ContainerRecord, done: Done | null, trace: Trace | null): OutboxEntry {
  const result = done && toResult(record, done);
  return {
    version: 1,
    node: record.node,
    operation: done && result && { result, arguments: done.operation.arguments, trace },
    audit: done && result && operationEntry(done, result, record.node),
    event: record.event,
    container: record.event && {
      revision: record.revision,
      value: toContainer(record),
      deletedAt: record.deletedAt,
      idRange: record.idRange,
    },
  };
}
