import { callWorker } from "../../lib/client/worker.ts";
import { type Operation, OperationResult } from "../../lib/contract/operation.ts";
import { fail } from "../../lib/contract/problem.ts";
import { readOperation as fromStore } from "../../lib/store/read-operation.ts";
import { submitOperation } from "../../lib/store/submit-operation.ts";
import type { WebContext } from "../context.ts";
import { problemOf } from "../problems.ts";
import { throughDatabase } from "./through-database.ts";

export interface SubmitOptions {
  idempotencyKey: string | null;
  /** Answer as soon as it is written down. */
  respondAsync: boolean;
  /** How long to wait for the result, in milliseconds. */
  waitMs: number;
}

/**
 * Hands an operation over and waits for what becomes of it. It goes through the database; when that is away, to the
 * worker, under the same id, so that it is carried out once whichever way arrives.
 */
export async function submit(
  context: WebContext,
  operation: Operation,
  { idempotencyKey, respondAsync, waitMs }: SubmitOptions,
): Promise<OperationResult> {
  const finished = await throughDatabase<OperationResult | null>(
    context,
    async () => {
      await submitOperation(context.store, context.config.node, operation, idempotencyKey);
      return null;
    },
    () => executeOnWorker(context, operation),
  );
  if (finished) return finished;
  return respondAsync ? readOperation(context, operation.id) : waitFor(context, operation, waitMs);
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

async function executeOnWorker({ workerSocket }: WebContext, operation: Operation): Promise<OperationResult> {
  return OperationResult.parse(await callWorker(workerSocket, "POST", "/operations", operation));
}

/** What became of an operation; from the worker when the database is away. Throws operation-not-found. */
export async function readOperation(context: WebContext, id: string): Promise<OperationResult> {
  const known = await throughDatabase<OperationResult | null>(
    context,
    () => fromStore(context.store, id),
    () => fromWorker(context, id),
  );
  const result = known ?? (await fromWorker(context, id).catch(() => null));
  if (!result) throw fail("operation-not-found", "No such operation", `There is no operation ${JSON.stringify(id)}.`);
  return result;
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
