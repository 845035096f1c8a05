import { fail, type Problem } from "../../lib/contract/problem.ts";
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

export function isRunning(record: ContainerRecord): boolean {
  return record.status.state === "running" || record.status.state === "stopping";
}
