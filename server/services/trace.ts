import { callWorker } from "../../lib/client/worker.ts";
import { Trace } from "../../lib/contract/trace.ts";
import type { WebContext } from "../context.ts";
import { findContainer } from "./find-container.ts";

/** The steps of a container's last start. Throws not-found before the first one. */
export async function readTrace(context: WebContext, ref: string): Promise<Trace> {
  const { id } = await findContainer(context, ref);
  return Trace.parse(
    await callWorker(context.workerSocket, "GET", `/containers/${id}/trace`, undefined, { timeoutMs: 5_000 }),
  );
}
