import type { Operation } from "../../lib/contract/operation.ts";
import type { Context } from "../context.ts";
import { killRun, signalInit } from "../engine/end-run.ts";
import type { ContainerRecord } from "../state/record.ts";
import { accept, isRunning, notRunning, type Outcome, requireLive } from "./outcome.ts";
import { ended, settle } from "./stop.ts";

type Kill = Extract<Operation, { verb: "kill" }>;

/** What people send to end a program: a restart policy then leaves it alone. */
const endings = ["SIGKILL", "SIGTERM", "SIGINT", "SIGQUIT"];

/**
 * Sends a signal to a container's first process. SIGKILL ends the container, and the outcome has its end.
 * Throws container-not-running.
 */
export async function killContainer(context: Context, operation: Kill, known?: ContainerRecord): Promise<Outcome> {
  const before = requireLive(known, operation.containerId);
  const { signal } = operation.arguments;
  const isEnding = endings.includes(signal);
  if (before.status.state === "restarting" && isEnding) return settle(before);
  if (!isRunning(before)) throw notRunning(before);
  const record = await accept(context, before, operation, isEnding ? { endWanted: true } : {});
  if (signal === "SIGKILL") return ended(context, record, await killRun(context, record));
  await signalInit(context, record, signal);
  return { record, change: {} };
}
