import { callWorker } from "../../lib/client/worker.ts";
import { type Operation, OperationResult, toPending } from "../../lib/contract/operation.ts";
import { fail } from "../../lib/contract/problem.ts";
import { readOperation as fromStore } from "../../lib/store/read-operation.ts";
import { nameIn, submitOperation } from "../../lib/store/submit-operation.ts";
import { isOperationNow, withOrigin } from "../audit.ts";
import type { WebContext } from "../context.ts";
import { problemOf } from "../problems.ts";
import { throughDatabase, timedOut, within } from "./through-database.ts";

export interface SubmitOptions {
  idempotencyKey: string | null;
  /** Answer as soon as it is written down. */
  respondAsync: boolean;
  /** How long to wait for the result, in milliseconds. */
  waitMs: number;
}

/**
 * Hands an operation over and waits for what becomes of it. It is written down in the database with a job, and given to
 * the worker at once, whose durable result is the answer: the job finds the operation done, or carries it out when the
 * worker was away. Without a database the worker alone gets it. One id is carried out once whichever way arrives.
 */
export async function submit(
  context: WebContext,
  asked: Operation,
  { idempotencyKey, respondAsync, waitMs }: SubmitOptions,
): Promise<OperationResult> {
  const operation = withOrigin(context, asked);
  const written = await throughDatabase<Operation | null>(
    context,
    () =>
      submitOperation(context.store, context.config.node, operation, idempotencyKey).catch((error) =>
        passOverNews(context, operation, error),
      ),
    async () => null,
  );
  if (!written) return executeOnWorker(context, operation);
  isOperationNow(context);
  const earlier = idempotencyKey !== null && (await look(context, written));
  if (earlier && earlier.finishedAt !== null) return earlier;
  const result = carryOut(context, written, waitMs);
  if (!respondAsync) return result;
  result.catch((error) => context.log.warn({ err: error, operation: written.id }, "an operation is left to its job"));
  return look(context, written);
}

/**
 * The database hears a moment later that the worker has made a container, or deleted one, whose name is free then: until
 * it has, the worker alone can be asked.
 */
function passOverNews({ events: { containers } }: WebContext, operation: Operation, error: unknown): null {
  const code = problemOf(error)?.code;
  if (code === "container-not-found") return null;
  if (code === "name-taken" && containers.isCurrent && !containers.find(nameIn(operation) ?? "")) return null;
  throw error;
}

/** Asks the worker; when that is away, or for too long, the database, which hears from the job. */
async function carryOut(context: WebContext, operation: Operation, waitMs: number): Promise<OperationResult> {
  try {
    const result = await within(waitMs, executeOnWorker(context, operation));
    return result === timedOut ? look(context, operation) : result;
  } catch (error) {
    if (problemOf(error)?.code !== "worker-unavailable") throw error;
    return waitFor(context, operation, waitMs);
  }
}

/** Waits by the database. When it goes away meanwhile, the worker carries it out, or answers with what it did. */
async function waitFor(context: WebContext, operation: Operation, waitMs: number): Promise<OperationResult> {
  try {
    return await context.waiter.wait(operation.id, waitMs);
  } catch (error) {
    context.log.warn({ err: error, operation: operation.id }, "waiting by the database failed: asking the worker");
    return executeOnWorker(context, operation);
  }
}

/** The worker's result, after which every read in this process sees what it changed. */
async function executeOnWorker(context: WebContext, operation: Operation): Promise<OperationResult> {
  const result = OperationResult.parse(await callWorker(context.workerSocket, "POST", "/operations", operation));
  isOperationNow(context);
  context.events.containers.merge(result);
  context.results.put(result);
  return result;
}

/** What became of an operation; from the worker when the database is away. Throws operation-not-found. */
export async function readOperation(context: WebContext, id: string): Promise<OperationResult> {
  const result = await findOperation(context, id);
  if (!result) throw fail("operation-not-found", "No such operation", `There is no operation ${JSON.stringify(id)}.`);
  return result;
}

/** How an accepted operation stands. A database that went away meanwhile, or a worker that has not heard of it, can't say: it waits. */
async function look(context: WebContext, operation: Operation): Promise<OperationResult> {
  const known = await findOperation(context, operation.id).catch(() => null);
  return known ?? { ...toPending(operation, "queued", null), container: null };
}

async function findOperation(context: WebContext, id: string): Promise<OperationResult | null> {
  const recent = context.results.get(id);
  if (recent) return recent;
  const known = await throughDatabase<OperationResult | null>(
    context,
    () => fromStore(context.store, id),
    () => fromWorker(context, id),
  );
  return known ?? fromWorker(context, id).catch(() => null);
}

async function fromWorker({ workerSocket }: WebContext, id: string): Promise<OperationResult | null> {
  try {
    const path = `/operations/${encodeURIComponent(id)}`;
    return OperationResult.parse(await callWorker(workerSocket, "GET", path, undefined, { timeoutMs: 5_000 }));
  } catch (error) {
    if (problemOf(error)?.code === "operation-not-found") return null;
    throw error;
  }
}
