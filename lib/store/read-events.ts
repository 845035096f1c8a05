import { Container } from "../contract/container.ts";
import { type ContainerEvent, EventAction } from "../contract/event.ts";
import type { Store } from "./store.ts";

/** How many events are read at once. */
const pageSize = 200;

/**
 * A node's events behind one, in the order in which they were written down, a page at a time; null when that one is not
 * known, or more than `limit` have come since.
 */
export async function readEventsBehind(
  { prisma }: Pick<Store, "prisma">,
  node: string,
  id: string,
  limit: number,
): Promise<AsyncGenerator<ContainerEvent[]> | null> {
  const known = await prisma.event.findUnique({ where: { id } });
  if (!known) return null;
  const behind = { nodeId: node, sequence: { gt: known.sequence } };
  if ((await prisma.event.count({ where: behind, take: limit + 1 })) > limit) return null;
  return readPages(prisma, node, known.sequence);
}

async function* readPages(prisma: Store["prisma"], node: string, behind: bigint): AsyncGenerator<ContainerEvent[]> {
  for (let last = behind; ; ) {
    const rows = await prisma.event.findMany({
      where: { nodeId: node, sequence: { gt: last } },
      orderBy: { sequence: "asc" },
      take: pageSize,
    });
    const newest = rows.at(-1);
    if (!newest) return;
    last = newest.sequence;
    yield rows.map(({ id, action, at, container }) => ({
      id,
      action: EventAction.parse(action),
      at: at.toISOString(),
      container: Container.parse(container),
    }));
    if (rows.length < pageSize) return;
  }
}
