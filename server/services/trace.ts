import { callWorker } from "../../lib/client/worker.ts";
import { fail, type ProblemError } from "../../lib/contract/problem.ts";
import { Trace, type TraceSummary } from "../../lib/contract/trace.ts";
import { listTraces as fromStore, readTrace } from "../../lib/store/traces.ts";
import type { WebContext } from "../context.ts";
import { taggedJson } from "../entity-tags.ts";
import { findContainer } from "./find-container.ts";
import { throughDatabase } from "./through-database.ts";

/** The steps of a container's last start; 304 to one who has those of this revision. Throws not-found before the first one. */
export async function readTraceResponse(context: WebContext, ref: string, request: Request): Promise<Response> {
  const { id, revision } = await findContainer(context, ref);
  return taggedJson(request, `"${id}-${revision}"`, async () => {
    const path = `/containers/${id}/trace`;
    const trace = await callWorker(context.workerSocket, "GET", path, undefined, { timeoutMs: 5_000 });
    return JSON.stringify(Trace.parse(trace));
  });
}

/** The starts of a container whose traces are kept, newest first. Throws database-unavailable: they are there alone. */
export async function listTraces(context: WebContext, ref: string): Promise<{ items: TraceSummary[] }> {
  const { id } = await findContainer(context, ref);
  const items = await throughDatabase(context, () => fromStore(context.store, id), unavailable);
  return { items };
}

/** The trace of the start that an operation was. Throws not-found, database-unavailable. */
export async function getOperationTrace(context: WebContext, id: string): Promise<Trace> {
  const trace = await throughDatabase(context, () => readTrace(context.store, id), unavailable);
  if (trace) return trace;
  throw fail("not-found", "There is no trace", `No start by operation ${JSON.stringify(id)} is known.`, {
    remedy: "`./minirun trace --list NAME` shows the starts whose traces are kept.",
  });
}

function unavailable(): Promise<never> {
  const problem: ProblemError = fail(
    "database-unavailable",
    "Earlier traces can't be read now",
    "The traces of earlier starts are kept in the database, which is away.",
    { remedy: "The last start's trace is there all the same: `./minirun trace NAME`." },
  );
  return Promise.reject(problem);
}
