import { createInterface } from "node:readline";
import { openWorkerResponse } from "../../lib/client/worker.ts";
import { type Config, paths } from "../../lib/config.ts";

/** Something that stands still until it is released. */
export interface Held {
  /** The container's state, of a hold on one. */
  state: string | null;
  release(): void;
}

/**
 * Asks the worker to keep the outbox where it is, or nothing to happen to a container, which with `freeze` stands still.
 * Throws container-not-found, and worker-unavailable.
 */
export async function hold(
  config: Config,
  signal: AbortSignal,
  container?: { id: string; freeze: boolean },
): Promise<Held> {
  const path = container ? `/backup/hold/${container.id}${container.freeze ? "?freeze" : ""}` : "/backup/hold";
  const response = await openWorkerResponse(paths(config).workerSocket, { method: "POST", path, signal });
  for await (const line of createInterface({ input: response, crlfDelay: Number.POSITIVE_INFINITY })) {
    const state: unknown = JSON.parse(line).state;
    return { state: typeof state === "string" ? state : null, release: () => response.destroy() };
  }
  throw new Error("the worker has ended");
}
