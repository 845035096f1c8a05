import * as z from "zod";
import { callWorker } from "../../lib/client/worker.ts";
import { fail, type ProblemError } from "../../lib/contract/problem.ts";
import { Trace, type TraceOf, TraceSummary } from "../../lib/contract/trace.ts";
import { listTraces as fromStore, readTrace } from "../../lib/store/traces.ts";
import type { WebContext } from "../context.ts";
import { taggedJson } from "../entity-tags.ts";
import { findContainer } from "./find-container.ts";
import { throughDatabase } from "./through-database.ts";

const timeoutMs = 5_000;

/**
 * The steps of a container's last start or last end; 304 to one who has those of this revision. Throws not-found before
 * the first one.
 */
export async function readTraceResponse(
  context: WebContext,
  ref: string,
  of: TraceOf,
  request: Request,
): Promise<Response> {
  const { id, revision } = await findContainer(context, ref);
  return taggedJson(request, `"${id}-${revision}-${of}"`, async () => {
    const path = `/containers/${id}/trace?of=${of}`;
    return JSON.stringify(Trace.parse(await callWorker(context.workerSocket, "GET", path, undefined, { timeoutMs })));
  });
}

/**
 * The traces of a container that are kept, newest first. Throws database-unavailable: starts and ends are there alone.
 * Further commands are the worker's to tell, and left out while it is away.
 */
export async function listTraces(context: WebContext, ref: string): Promise<{ items: TraceSummary[] }> {
  const { id } = await findContainer(context, ref);
  const ofCommands = callWorker(context.workerSocket, "GET", `/containers/${id}/session-traces`, undefined, {
    timeoutMs,
  })
    .then((answer) => z.array(TraceSummary).parse(answer))
    .catch(() => []);
  const ofOperations = await throughDatabase(context, () => fromStore(context.store, id), unavailable);
  const newestFirst = (one: TraceSummary, other: TraceSummary) =>
    Date.parse(other.startedAt) - Date.parse(one.startedAt);
  return { items: [...ofOperations, ...(await ofCommands)].sort(newestFirst) };
}

/** The steps by which a further command came to run, or to its end. Throws not-found. */
export async function getSessionTrace(context: WebContext, ref: string, session: string, of: TraceOf): Promise<Trace> {
  const { id } = await findContainer(context, ref);
  const path = `/containers/${id}/sessions/${encodeURIComponent(session)}/trace?of=${of}`;
  return Trace.parse(await callWorker(context.workerSocket, "GET", path, undefined, { timeoutMs }));
}

/** The trace of the start or the end that an operation was. Throws not-found, database-unavailable. */
export async function getOperationTrace(context: WebContext, id: string): Promise<Trace> {
  const trace = await throughDatabase(context, () => readTrace(context.store, id), unavailable);
  if (trace) return trace;
  throw fail("not-found", "There is no trace", `No start or end by operation ${JSON.stringify(id)} is known.`, {
    remedy: "`./minirun trace --list NAME` shows the traces that are kept.",
  });
}

function unavailable(): Promise<never> {
  const problem: ProblemError = fail(
    "database-unavailable",
    "Earlier traces can't be read now",
    "The traces of earlier starts and ends are kept in the database, which is away.",
    { remedy: "The last start's trace is there all the same: `./minirun trace NAME`." },
  );
  return Promise.reject(problem);
}
