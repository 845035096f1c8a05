import { ContainerId, type ContainerList, type ListContainers } from "../contract/container.ts";
import { fail } from "../contract/problem.ts";
import { toContainer } from "./container-row.ts";
import type { Prisma } from "./generated/client.ts";
import type { Store } from "./store.ts";

/**
 * One page of containers. The cursor is the id of the last one on the page before; deleted ones keep their row, so it
 * stays good. Throws the problem validation-failed for a cursor that is none.
 */
export async function listContainers(store: Store, query: ListContainers): Promise<ContainerList> {
  if (query.cursor !== undefined && !ContainerId.safeParse(query.cursor).success) {
    throw fail("validation-failed", "The request does not fit", "cursor: must be the `next` of a page", {
      errors: [{ path: "cursor", message: "must be the `next` of a page" }],
    });
  }
  const rows = await store.prisma.container.findMany({
    where: {
      deletedAt: null,
      ...(query.state && { state: { in: query.state } }),
      ...(query.search && search(query.search)),
    },
    orderBy: [order(query.sort), { id: "asc" }],
    take: query.limit + 1,
    ...(query.cursor !== undefined && { cursor: { id: query.cursor }, skip: 1 }),
  });
  const items = rows.slice(0, query.limit).map(toContainer);
  return { items, next: rows.length > query.limit ? (items.at(-1)?.id ?? null) : null };
}

function search(text: string): Prisma.ContainerWhereInput {
  const part = { contains: text, mode: "insensitive" } as const;
  return { OR: [{ name: part }, { image: part }, { commandLine: part }] };
}

function order(sort: ListContainers["sort"]): Prisma.ContainerOrderByWithRelationInput {
  return { [sort.replace("-", "")]: sort.startsWith("-") ? "desc" : "asc" };
}
