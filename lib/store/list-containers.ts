import type { Container } from "../contract/container.ts";
import { toContainer } from "./container-row.ts";
import type { Store } from "./store.ts";

/** Every container of a node. */
export async function listContainers(store: Pick<Store, "prisma">, node: string): Promise<Container[]> {
  const rows = await store.prisma.container.findMany({ where: { nodeId: node, deletedAt: null } });
  return rows.map(toContainer);
}
