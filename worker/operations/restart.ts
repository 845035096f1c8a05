import type { Operation } from "../../lib/contract/operation.ts";
import type { Context } from "../context.ts";
import type { ContainerRecord } from "../state/record.ts";
import { commit } from "./commit.ts";
import { isRunning, type Outcome, requireLive } from "./outcome.ts";
import { startContainer } from "./start.ts";
import { stopContainer } from "./stop.ts";

type Restart = Extract<Operation, { verb: "restart" }>;

/** Stops a container if it runs, and starts it. Begun again after a crash it goes on with what is left to do. */
export async function restartContainer(
  context: Context,
  operation: Restart,
  known?: ContainerRecord,
): Promise<Outcome> {
  const before = requireLive(known, operation.containerId);
  if (!isRunning(before)) return startContainer(context, operation, before);
  const { record, change } = await stopContainer(context, operation, before);
  const stopped = await commit(context, record, change, { durable: false });
  return startContainer(context, operation, stopped);
}
