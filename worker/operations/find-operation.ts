import type { OperationResult, OperationSummary } from "../../lib/contract/operation.ts";
import { fail } from "../../lib/contract/problem.ts";
import { within } from "../../lib/within.ts";
import type { Context } from "../context.ts";
import { toContainer, toResult, toSummary } from "../state/record.ts";

/** An operation that this node has carried out, or has in hand. Throws operation-not-found. */
function findOperation(context: Context, id: string): OperationResult {
  for (const record of context.records.all()) {
    const done = record.operations.find(({ operation }) => operation.id === id);
    if (done) return toResult(record, done);
  }
  const pending = context.activity.get(id);
  if (!pending) {
    throw fail("operation-not-found", "No such operation", `There is no operation ${JSON.stringify(id)} on this node.`);
  }
  const record = context.records.find(pending.containerId);
  return { ...pending, container: record ? toContainer(record) : null };
}

/** The same, once it has ended; after `milliseconds`, or when the signal aborts, as it stands then. */
export async function waitForOperation(
  context: Context,
  id: string,
  milliseconds: number,
  signal: AbortSignal,
): Promise<OperationResult> {
  const now = findOperation(context, id);
  if (now.finishedAt !== null || !(milliseconds > 0)) return now;
  let stopListening = () => {};
  const ended = new Promise<void>((resolve) => {
    stopListening = context.events.listen((news) => {
      if (news.type === "operation" && news.operation.id === id && news.operation.finishedAt !== null) resolve();
    });
  });
  await within(ended, Math.min(milliseconds, 60_000), signal);
  stopListening();
  return findOperation(context, id);
}

/** What this node has in hand; and, unless `pending` alone is asked for, what it still remembers. */
export function listOperations(context: Context, pending: boolean): OperationSummary[] {
  const inHand = context.activity.all();
  if (pending) return inHand;
  const records = context.records.all();
  return [...inHand, ...records.flatMap((record) => record.operations.map((one) => toSummary(toResult(record, one))))];
}
