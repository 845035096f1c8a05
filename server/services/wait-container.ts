import { callWorker } from "../../lib/client/worker.ts";
import { ContainerEnd } from "../../lib/contract/container.ts";
import type { WebContext } from "../context.ts";
import { findContainer } from "./find-container.ts";

/** How a container stands once it does not run, or after that many seconds. */
export async function waitContainer(
  context: WebContext,
  ref: string,
  timeoutSeconds: number,
  clientGone: AbortSignal,
): Promise<ContainerEnd> {
  const { id } = await findContainer(context, ref);
  const path = `/containers/${id}/wait?timeoutSeconds=${timeoutSeconds}`;
  const timeoutMs = timeoutSeconds * 1000 + 5_000;
  const signal = AbortSignal.any([clientGone, context.stopping]);
  return ContainerEnd.parse(await callWorker(context.workerSocket, "GET", path, undefined, { timeoutMs, signal }));
}
