import { callWorker } from "../../lib/client/worker.ts";
import { Container, ContainerName } from "../../lib/contract/container.ts";
import { fail, type ProblemError } from "../../lib/contract/problem.ts";
import { findContainer as fromStore } from "../../lib/store/find-container.ts";
import type { WebContext } from "../context.ts";
import { problemOf } from "../problems.ts";
import { throughDatabase } from "./through-database.ts";

/**
 * The container with this name or id: from memory while the worker's stream is open, else from the database. What
 * neither knows is asked of the worker, which may have made it a moment ago. Throws container-not-found.
 */
export async function findContainer(context: WebContext, ref: string): Promise<Container> {
  if (!ContainerName.safeParse(ref).success) throw containerNotFound(ref);
  const { containers } = context.events;
  if (containers.isCurrent) {
    const known = containers.find(ref)?.value ?? (await fromWorker(context, ref).catch(() => null));
    if (known) return known;
    throw containerNotFound(ref);
  }
  const stored = await throughDatabase<Container | null>(
    context,
    () => fromStore(context.store, ref),
    () => fromWorker(context, ref),
  );
  const container = stored ?? (await fromWorker(context, ref).catch(() => null));
  if (!container) throw containerNotFound(ref);
  return container;
}

async function fromWorker({ workerSocket }: WebContext, ref: string): Promise<Container | null> {
  try {
    return Container.parse(
      await callWorker(workerSocket, "GET", `/containers/${ref}`, undefined, { timeoutMs: 5_000 }),
    );
  } catch (error) {
    if (problemOf(error)?.code === "container-not-found") return null;
    throw error;
  }
}

function containerNotFound(ref: string): ProblemError {
  return fail("container-not-found", "No such container", `There is no container ${JSON.stringify(ref)}.`, {
    remedy: "`./minirun list` shows every container.",
  });
}
