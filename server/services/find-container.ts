import { callWorker } from "../../lib/client/worker.ts";
import { Container, ContainerName } from "../../lib/contract/container.ts";
import { fail, type ProblemError } from "../../lib/contract/problem.ts";
import { findContainer as fromStore } from "../../lib/store/find-container.ts";
import { noteForAudit } from "../audit.ts";
import type { WebContext } from "../context.ts";
import { problemOf } from "../problems.ts";
import { throughWorker, workerWithinMs } from "./through-worker.ts";

/**
 * The container with this name or id: from memory while the worker's stream is open and knows it, else from the worker
 * and, when that is away, from memory and database. Throws container-not-found.
 */
export async function findContainer(context: WebContext, ref: string): Promise<Container> {
  if (!ContainerName.safeParse(ref).success) throw containerNotFound(ref);
  const { containers } = context.events;
  const live = containers.isCurrent ? containers.find(ref)?.value : undefined;
  const container =
    live ??
    (await throughWorker(
      () => fromWorker(context, ref),
      () => fromMemoryAndStore(context, ref),
    ));
  if (!container) throw containerNotFound(ref);
  noteForAudit(context, { containerId: container.id });
  return container;
}

async function fromWorker({ workerSocket }: WebContext, ref: string): Promise<Container | null> {
  try {
    return Container.parse(
      await callWorker(workerSocket, "GET", `/containers/${ref}`, undefined, { timeoutMs: workerWithinMs }),
    );
  } catch (error) {
    if (problemOf(error)?.code === "container-not-found") return null;
    throw error;
  }
}

async function fromMemoryAndStore(
  { events: { containers }, store }: WebContext,
  ref: string,
): Promise<Container | null> {
  const stored = await fromStore(store, ref);
  const all = containers.allWith(stored ? [stored] : []);
  return all.find(({ value }) => value.id === ref || value.name === ref)?.value ?? null;
}

function containerNotFound(ref: string): ProblemError {
  return fail("container-not-found", "No such container", `There is no container ${JSON.stringify(ref)}.`, {
    remedy: "`./minirun list` shows every container.",
  });
}
