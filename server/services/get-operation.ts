import { callWorker } from "../../lib/client/worker.ts";
import { isFinished } from "../../lib/contract/is-finished.ts";
import { OperationResult } from "../../lib/contract/operation.ts";
import type { WebContext } from "../context.ts";
import { readOperation } from "./submit.ts";

/**
 * An operation as it stands, with its progress while it runs; or once it has ended, or after that many seconds.
 * Throws operation-not-found.
 */
export async function getOperation(context: WebContext, id: string, waitSeconds: number): Promise<OperationResult> {
  const now = await readNow(context, id);
  if (isFinished(now) || waitSeconds === 0) return now;
  const waitMs = waitSeconds * 1000;
  // The database tells also of one that no worker has in hand yet; when it is away, the worker tells.
  const then = await context.waiter.wait(id, waitMs).catch(() => askWorker(context, id, waitMs));
  return then && isFinished(then) ? then : readNow(context, id);
}

/** The database knows that it is queued, and the worker how far it is. */
async function readNow(context: WebContext, id: string): Promise<OperationResult> {
  const stored = await readOperation(context, id);
  return isFinished(stored) ? stored : ((await askWorker(context, id, 0)) ?? stored);
}

async function askWorker({ workerSocket }: WebContext, id: string, waitMs: number): Promise<OperationResult | null> {
  const path = `/operations/${encodeURIComponent(id)}?waitMs=${waitMs}`;
  const answer = await callWorker(workerSocket, "GET", path, undefined, { timeoutMs: waitMs + 5_000 }).catch(
    () => null,
  );
  return OperationResult.safeParse(answer).data ?? null;
}
