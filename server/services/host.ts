import { callWorker } from "../../lib/client/worker.ts";
import { HostReport } from "../../lib/contract/host.ts";
import type { WebContext } from "../context.ts";

/** What this host offers to containers. Throws worker-unavailable. */
export async function readHost({ workerSocket }: WebContext): Promise<HostReport> {
  return HostReport.parse(await callWorker(workerSocket, "GET", "/host", undefined, { timeoutMs: 10_000 }));
}
