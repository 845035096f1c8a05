import { callWorker } from "../../lib/client/worker.ts";
import { Trace } from "../../lib/contract/trace.ts";
import type { WebContext } from "../context.ts";
import { taggedJson } from "../entity-tags.ts";
import { findContainer } from "./find-container.ts";

/** The steps of a container's last start; 304 to one who has those of this revision. Throws not-found before the first one. */
export async function readTraceResponse(context: WebContext, ref: string, request: Request): Promise<Response> {
  const { id, revision } = await findContainer(context, ref);
  return taggedJson(request, `"${id}-${revision}"`, async () => {
    const path = `/containers/${id}/trace`;
    const trace = await callWorker(context.workerSocket, "GET", path, undefined, { timeoutMs: 5_000 });
    return JSON.stringify(Trace.parse(trace));
  });
}
