import type { NodeInfo } from "../../lib/contract/health.ts";
import { listNodes as fromStore } from "../../lib/store/list-nodes.ts";
import type { WebContext } from "../context.ts";
import { readWorkerHealth } from "./health.ts";
import { throughDatabase } from "./through-database.ts";

/** The machines that run containers; this one alone when the database is away. */
export function listNodes(context: WebContext): Promise<NodeInfo[]> {
  return throughDatabase(
    context,
    () => fromStore(context.store),
    async () => {
      const { node, kernel, cgroupVersion } = await readWorkerHealth(context);
      return [{ id: node, hostname: node, kernel, cgroupVersion, lastSeenAt: new Date().toISOString() }];
    },
  );
}
