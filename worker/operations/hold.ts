import { ProblemError } from "../../lib/contract/problem.ts";
import type { Context } from "../context.ts";
import type { ContainerRecord } from "../state/record.ts";
import { requireLive } from "./outcome.ts";
import { freeze } from "./pause.ts";

/**
 * Does something while nothing happens to a container: operations on it wait for their turn. With `freeze` the processes
 * of one that runs stand still as well, and go on afterwards whatever comes; they are not `paused`, for nobody has asked
 * for that. Throws container-not-found, and not-supported where the kernel has no freezer.
 */
export function holdContainer(
  context: Context,
  id: string,
  options: { freeze: boolean },
  work: (record: ContainerRecord) => Promise<void>,
): Promise<void> {
  return context.lanes.run(id, async () => {
    const record = requireLive(context.records.get(id), id);
    if (!options.freeze || record.status.state !== "running") return work(record);
    if (!(await tryFreeze(context, record))) return work(record);
    try {
      await work(record);
    } finally {
      // Whoever was killed meanwhile has no group any more.
      await freeze(context, record, false).catch((error) =>
        context.log.warn({ container: id, err: error }, "not thawed after a backup"),
      );
    }
  });
}

/** False when it has ended just now. */
async function tryFreeze(context: Context, record: ContainerRecord): Promise<boolean> {
  try {
    await freeze(context, record, true);
    return true;
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === "container-not-running") return false;
    throw error;
  }
}
