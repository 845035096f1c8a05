import type { NodeInfo } from "../contract/health.ts";
import type { Store } from "./store.ts";

/** Every machine that ever registered, by name. */
export async function listNodes(store: Store): Promise<NodeInfo[]> {
  const rows = await store.prisma.node.findMany({ orderBy: { id: "asc" } });
  return rows.map(({ id, hostname, kernel, cgroupVersion, lastSeenAt }) => ({
    id,
    hostname,
    kernel,
    cgroupVersion,
    lastSeenAt: lastSeenAt.toISOString(),
  }));
}
