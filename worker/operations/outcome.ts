import type { Operation } from "../../lib/contract/operation.ts";
import { fail, type Problem, type ProblemError } from "../../lib/contract/problem.ts";
import type { Context } from "../context.ts";
import type { ContainerRecord } from "../state/record.ts";
import { isLive } from "../state/record.ts";
import type { Change } from "./commit.ts";

/** What an operation came to: the change that it makes, and the problem when it failed. */
export interface Outcome {
  record: ContainerRecord;
  change: Change;
  problem?: Problem;
}

/** The record of a container that people see. Throws the problem container-not-found. */
export function requireLive(record: ContainerRecord | undefined, id: string): ContainerRecord {
  if (record && isLive(record)) return record;
  throw fail("container-not-found", "No such container", `There is no container ${id} on this node.`);
}

/** Whether a container has processes: it runs, is frozen, or is about to end. */
export function isRunning({ status: { state } }: ContainerRecord): boolean {
  return state === "running" || state === "paused" || state === "stopping";
}

/** Remembers the operation that is being carried out: after a crash it goes on. */
export async function accept(
  context: Context,
  record: ContainerRecord,
  operation: Operation,
  fields: Partial<Pick<ContainerRecord, "endWanted">> = {},
): Promise<ContainerRecord> {
  const accepted = { ...record, ...fields, current: operation };
  await context.records.save(accepted, { durable: false });
  return accepted;
}

/** The problem of a verb that needs a container with processes. */
export function notRunning({ spec, status }: ContainerRecord): ProblemError {
  const words = `${spec.name} is ${status.state}: it has no processes.`;
  return fail("container-not-running", "The container does not run", words, { remedy: "Start it first." });
}

/** What a container does without that was to have a user namespace of its own, and could not be given one. */
export function missingIds({ idRangeMissing }: ContainerRecord): ContainerRecord["status"]["missing"] {
  return idRangeMissing === null ? [] : [{ feature: "user namespace", reason: idRangeMissing }];
}
