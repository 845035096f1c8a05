import type { OperationResult } from "../contract/operation.ts";
import { toOperationResult } from "./operation-row.ts";
import type { Store } from "./store.ts";

/** The operation with this id (a UUID), or null. */
export async function readOperation(store: Pick<Store, "prisma">, id: string): Promise<OperationResult | null> {
  const row = await store.prisma.operation.findUnique({ where: { id } });
  return row && toOperationResult(row);
}
