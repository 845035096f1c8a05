import { callWorker } from "../../lib/client/worker.ts";
import { fail } from "../../lib/contract/problem.ts";
import { ProcessList } from "../../lib/contract/stats.ts";
import { noteForAudit } from "../audit.ts";
import type { WebContext } from "../context.ts";
import { findContainer } from "./find-container.ts";

const timeoutMs = 10_000;

/** A container's processes. Throws container-not-running. */
export async function listProcesses(context: WebContext, ref: string): Promise<ProcessList> {
  const { id } = await findContainer(context, ref);
  return ProcessList.parse(
    await callWorker(context.workerSocket, "GET", `/containers/${id}/processes`, undefined, { timeoutMs }),
  );
}

/** Sends a signal to a process, named by its pid in the container. Throws process-not-found. */
export async function signalProcess(
  context: WebContext,
  ref: string,
  pid: string,
  body: { signal: string },
): Promise<void> {
  if (!/^[1-9]\d{0,9}$/.test(pid)) {
    throw fail("process-not-found", "No such process", `${JSON.stringify(pid)} is no process number.`);
  }
  noteForAudit(context, { detail: body.signal });
  const { id } = await findContainer(context, ref);
  const path = `/containers/${id}/processes/${pid}/signal`;
  await callWorker(context.workerSocket, "POST", path, body, { timeoutMs });
}
