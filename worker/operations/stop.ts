import type { Operation } from "../../lib/contract/operation.ts";
import { within } from "../../lib/within.ts";
import { type Context, cgroupPath } from "../context.ts";
import { askToEnd, endedStatus, killRun, runOf } from "../engine/end-run.ts";
import { explainEnd } from "../engine/explain-end.ts";
import type { Ending } from "../engine/shim.ts";
import type { ContainerRecord } from "../state/record.ts";
import { commit } from "./commit.ts";
import { isRunning, type Outcome, requireLive } from "./outcome.ts";
import { endOfRun } from "./restart-policy.ts";
import { beforeStart } from "./start.ts";

type Stop = Extract<Operation, { verb: "stop" | "restart" }>;

/**
 * Stops a container: SIGTERM, and SIGKILL when the time is over or someone is in a hurry; one that is paused goes on
 * before. One that does not run stays, and no restart policy starts it.
 */
export async function stopContainer(context: Context, operation: Stop, known?: ContainerRecord): Promise<Outcome> {
  const before = requireLive(known, operation.containerId);
  if (before.status.state === "restarting") return settle(before);
  if (!isRunning(before)) return { record: before, change: {} };
  const record = await commit(
    context,
    before,
    { fields: { current: operation, endWanted: true }, status: { state: "stopping" }, action: "stopping" },
    { durable: false },
  );
  const patience = context.runs.patience(record.id);
  const clock = tellTime(context, operation);
  try {
    await askToEnd(context, record);
    const { timeoutSeconds } = operation.arguments;
    const ending = await within(runOf(context, record).ended, timeoutSeconds * 1000, patience.signal);
    return await ended(context, record, ending ?? (await killRun(context, record)));
  } finally {
    clearInterval(clock);
    patience.done();
  }
}

/** Tells each second how long a stop has waited already. */
function tellTime(context: Context, operation: Stop): NodeJS.Timeout {
  const begun = Date.now();
  const total = operation.arguments.timeoutSeconds;
  return setInterval(() => {
    const done = Math.min(total, Math.round((Date.now() - begun) / 1000));
    context.activity.report(operation.id, { step: "waiting for its end", done, total, unit: "s" });
  }, 1000);
}

/** The outcome of an operation that saw the container's end. */
export async function ended(context: Context, record: ContainerRecord, ending: Ending): Promise<Outcome> {
  context.runs.delete(record.id);
  if (!ending.exit) await context.addon.cgroupKill(cgroupPath(context, record.id));
  const problem = ending.exit && (await explainEnd(context, record, ending.exit));
  const status = { ...endedStatus(ending, new Date().toISOString()), ...(problem && { problem }) };
  return { record, change: endOfRun(record, status, ending.exit ? "exited" : "lost") };
}

/** Ends the waiting for a start that the restart policy has planned. */
export function settle(record: ContainerRecord): Outcome {
  const state = beforeStart(record);
  const action = state === "lost" ? "lost" : "exited";
  return { record, change: { fields: { endWanted: true }, status: { state, nextStartAt: null }, action } };
}
