import { callWorker } from "../../lib/client/worker.ts";
import type { Principal } from "../../lib/contract/principal.ts";
import type { WebContext } from "../context.ts";

/**
 * Ends a cookie of the operator for good, wherever copies of it are. While the worker is away only the browser forgets
 * it, which nobody is kept from; the log says so then.
 */
export async function endCookie({ workerSocket, log }: WebContext, principal: Principal | null): Promise<void> {
  const { kind, id, expiresAt } = principal?.credential ?? {};
  if (kind !== "operator" || !expiresAt) return;
  try {
    await callWorker(workerSocket, "POST", "/cookies/end", { id, expiresAt }, { timeoutMs: 2_000 });
  } catch (error) {
    log.warn({ err: error }, "a cookie was signed out in its browser alone: copies of it hold until it expires");
  }
}
