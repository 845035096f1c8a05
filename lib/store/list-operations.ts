import * as z from "zod";
import { ContainerId } from "../contract/container.ts";
import type { ListOperations, OperationList } from "../contract/operation.ts";
import { fail } from "../contract/problem.ts";
import type { Prisma } from "./generated/client.ts";
import { toOperationSummary } from "./operation-row.ts";
import type { Store } from "./store.ts";

/** What a summary shows; the traces and containers of a page would be megabytes. */
const shown = {
  ...{ id: true, containerId: true, containerName: true, verb: true, principal: true, generation: true, state: true },
  ...{ requestedAt: true, startedAt: true, finishedAt: true, progress: true, problem: true },
} as const;

/**
 * One page of operations, newest first. The cursor is the id of the last one on the page before. One that is not
 * finished may be queued or running: only its node knows, so both are found by either state.
 * Throws the problem validation-failed for a cursor that is none.
 */
export async function listOperations(store: Store, query: ListOperations): Promise<OperationList> {
  if (query.cursor !== undefined && !z.uuid().safeParse(query.cursor).success) {
    throw fail("validation-failed", "The request does not fit", "cursor: must be the `next` of a page", {
      errors: [{ path: "cursor", message: "must be the `next` of a page" }],
    });
  }
  const isOpen = query.state === "queued" || query.state === "running";
  const rows = await store.prisma.operation.findMany({
    where: {
      ...(query.container && (await ofContainer(store, query.container))),
      ...(query.state && { state: isOpen ? { in: ["queued", "running"] } : query.state }),
      ...(query.verb && { verb: query.verb }),
    },
    select: shown,
    orderBy: [{ requestedAt: "desc" }, { id: "desc" }],
    take: query.limit + 1,
    ...(query.cursor !== undefined && { cursor: { id: query.cursor }, skip: 1 }),
  });
  const items = await withNames(store, rows.slice(0, query.limit).map(toOperationSummary));
  return { items, next: rows.length > query.limit ? (items.at(-1)?.id ?? null) : null };
}

/** Those of a container by its id, or by its name; of a name that is free now, those of whoever had it. */
async function ofContainer(store: Store, ref: string): Promise<Prisma.OperationWhereInput> {
  if (ContainerId.safeParse(ref).success) return { containerId: ref };
  const live = await store.prisma.container.findFirst({ where: { name: ref, deletedAt: null }, select: { id: true } });
  return live ? { containerId: live.id } : { containerName: ref };
}

/** An operation has its container's name once it is finished; until then it is the container's. */
async function withNames(store: Store, items: OperationList["items"]): Promise<OperationList["items"]> {
  const ids = items.filter(({ containerName }) => containerName === null).map(({ containerId }) => containerId);
  if (ids.length === 0) return items;
  const rows = await store.prisma.container.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } });
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  return items.map((item) => ({ ...item, containerName: item.containerName ?? names.get(item.containerId) ?? null }));
}
