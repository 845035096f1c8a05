import type { ExitFile, PidFile } from "../engine/report.ts";
import { isRunning } from "../operations/outcome.ts";
import type { ContainerRecord } from "../state/record.ts";

/** What is found of a container's run when the worker starts. */
export interface Found {
  pidFile: PidFile | null;
  exit: ExitFile | null;
  /** Whether the shim that pid.json names still runs. */
  shimAlive: boolean;
}

/** What becomes of a record when the worker starts. */
export type Decision =
  /** Nothing ran, nothing runs. */
  | { kind: "settled" }
  /** Its shim runs: watch it again. */
  | { kind: "running"; pidFile: PidFile }
  /** It ended while no worker was there. */
  | { kind: "exited"; exit: ExitFile }
  | { kind: "lost"; reason: "shim-died" | "host-rebooted" }
  /** A start was begun and never came to the program. */
  | { kind: "not-started" };

/** Decides by the record, what the run directory holds, and which boot this is. */
export function decide(record: ContainerRecord, found: Found, bootId: string): Decision {
  const { state } = record.status;
  if (state !== "starting" && !isRunning(record)) return { kind: "settled" };
  if (record.bootId !== bootId)
    return state === "starting" ? { kind: "not-started" } : { kind: "lost", reason: "host-rebooted" };
  if (found.exit) return { kind: "exited", exit: found.exit };
  if (found.pidFile?.bootId === bootId && found.shimAlive) return { kind: "running", pidFile: found.pidFile };
  if (state === "starting" && !found.pidFile) return { kind: "not-started" };
  return { kind: "lost", reason: "shim-died" };
}
