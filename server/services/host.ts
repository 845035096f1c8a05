import { callWorker } from "../../lib/client/worker.ts";
import { ContainerReport, HostReport } from "../../lib/contract/host.ts";
import type { WebContext } from "../context.ts";
import { findContainer } from "./find-container.ts";

/** What this host offers to containers. Throws worker-unavailable. */
export async function readHost({ workerSocket }: WebContext): Promise<HostReport> {
  return HostReport.parse(await callWorker(workerSocket, "GET", "/host", undefined, { timeoutMs: 10_000 }));
}

/** What a container needs of the host and of its own files. Throws container-not-found, worker-unavailable. */
export async function checkContainer(context: WebContext, ref: string): Promise<ContainerReport> {
  const { id } = await findContainer(context, ref);
  const path = `/containers/${id}/doctor`;
  return ContainerReport.parse(await callWorker(context.workerSocket, "GET", path, undefined, { timeoutMs: 15_000 }));
}
