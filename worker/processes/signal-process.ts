import { fail } from "../../lib/contract/problem.ts";
import { type Context, cgroupPath } from "../context.ts";
import { firstProcess } from "../files/container-root.ts";
import { notRunning } from "../operations/outcome.ts";
import { hasCode } from "../state/files.ts";
import type { ContainerRecord } from "../state/record.ts";

/** Sends a signal to a process of a container, named by its pid inside. Throws process-not-found. */
export async function signalProcess(
  context: Context,
  record: ContainerRecord,
  pid: number,
  signal: number,
): Promise<void> {
  if (!firstProcess(context, record)) throw notRunning(record);
  try {
    await context.addon.cgroupSignal(cgroupPath(context, record.id), pid, signal);
  } catch (error) {
    if (!hasCode(error, "ESRCH")) throw error;
    throw fail("process-not-found", "No such process", `${record.spec.name} has no process ${pid}.`, {
      remedy: "List its processes again: this one has ended.",
    });
  }
}
