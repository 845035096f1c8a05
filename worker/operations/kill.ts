import type { Operation } from "../../lib/contract/operation.ts";
import { fail } from "../../lib/contract/problem.ts";
import type { Context } from "../context.ts";
import { killRun, signalInit } from "../engine/end-run.ts";
import type { ContainerRecord } from "../state/record.ts";
import { isRunning, type Outcome, requireLive } from "./outcome.ts";
import { ended } from "./stop.ts";

type Kill = Extract<Operation, { verb: "kill" }>;

/**
 * Sends a signal to a container's first process. SIGKILL ends the container, and the outcome has its end.
 * Throws container-not-running.
 */
export async function killContainer(context: Context, operation: Kill, known?: ContainerRecord): Promise<Outcome> {
  const before = requireLive(known, operation.containerId);
  if (!isRunning(before)) {
    const words = `${before.spec.name} is ${before.status.state}: there is no process to send a signal to.`;
    throw fail("container-not-running", "The container does not run", words, { remedy: "Start it first." });
  }
  // After a crash this tells that the container's end was asked for.
  const record = { ...before, current: operation };
  await context.records.save(record, { durable: false });
  const { signal } = operation.arguments;
  if (signal === "SIGKILL") return ended(context, record, await killRun(context, record));
  await signalInit(context, record, signal);
  return { record, change: {} };
}
