import * as z from "zod";
import { callWorker } from "../../lib/client/worker.ts";
import { type ListOperations, type OperationList, OperationSummary } from "../../lib/contract/operation.ts";
import { listOperations as fromStore } from "../../lib/store/list-operations.ts";
import type { WebContext } from "../context.ts";
import { throughDatabase } from "./through-database.ts";

/** One page of operations, newest first, from the database or, when that is away, from what the worker remembers. */
export function listOperations(context: WebContext, query: ListOperations): Promise<OperationList> {
  return throughDatabase(
    context,
    async () => withProgress(context, await fromStore(context.store, query), query),
    async () => selectOperations(await askWorker(context, "/operations"), query),
  );
}

/** What the worker has in hand is queued for the database: the worker knows how far it is. */
async function withProgress(context: WebContext, page: OperationList, query: ListOperations): Promise<OperationList> {
  if (!page.items.some(({ finishedAt }) => finishedAt === null)) return page;
  const pending = await askWorker(context, "/operations?pending=1").catch(() => []);
  const byId = new Map(pending.map((operation) => [operation.id, operation]));
  const items = page.items.map((operation) => byId.get(operation.id) ?? operation);
  return { ...page, items: query.state ? items.filter(({ state }) => state === query.state) : items };
}

async function askWorker({ workerSocket }: WebContext, path: string): Promise<OperationSummary[]> {
  return z.array(OperationSummary).parse(await callWorker(workerSocket, "GET", path, undefined, { timeoutMs: 5_000 }));
}

/** Filters, sorts and cuts as the database does. The cursor is the id of the last operation on the page before. */
function selectOperations(all: readonly OperationSummary[], query: ListOperations): OperationList {
  const { container, state, verb, limit, cursor } = query;
  const matching = all
    .filter((one) => !container || one.containerId === container || one.containerName === container)
    .filter((one) => !state || one.state === state)
    .filter((one) => !verb || one.verb === verb)
    .sort((a, b) => compare(b.requestedAt, a.requestedAt) || compare(b.id, a.id));
  const from = cursor === undefined ? 0 : matching.findIndex(({ id }) => id === cursor) + 1;
  const items = matching.slice(from, from + limit);
  return { items, next: from + limit < matching.length ? (items.at(-1)?.id ?? null) : null };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
