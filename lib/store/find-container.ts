import { type Container, ContainerId } from "../contract/container.ts";
import { toContainer } from "./container-row.ts";
import type { Store } from "./store.ts";

/** The container with this name or id, or null. */
export async function findContainer(store: Store, ref: string): Promise<Container | null> {
  const which = ContainerId.safeParse(ref).success ? { id: ref } : { name: ref };
  const row = await store.prisma.container.findFirst({ where: { ...which, deletedAt: null } });
  return row && toContainer(row);
}
