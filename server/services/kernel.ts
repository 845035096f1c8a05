import { setTimeout as sleep } from "node:timers/promises";
import { callWorker } from "../../lib/client/worker.ts";
import { type KernelPart, KernelView, TriedSystemCall, type TrySystemCall } from "../../lib/contract/kernel.ts";
import type { WebContext } from "../context.ts";
import { problemOf } from "../problems.ts";
import { formatServerSent, generatedEventStream } from "../server-sent-events.ts";
import { findContainer } from "./find-container.ts";

const timeoutMs = 10_000;
const everyMs = 1_000;
/** A scratch container may have to wait for others. */
const tryWithinMs = 30_000;

interface Asked {
  parts?: readonly KernelPart[] | undefined;
}

/** What the kernel holds for a container now. Throws container-not-running. */
export async function readKernel(context: WebContext, ref: string, asked: Asked): Promise<KernelView> {
  const { id } = await findContainer(context, ref);
  return read(context, id, asked);
}

/**
 * The same once a second as server-sent events, no faster than they are taken. Nothing is told while the container does
 * not run; the stream outlives its end, and a reading that failed is told as an event `problem`.
 */
export async function followKernel(
  context: WebContext,
  ref: string,
  asked: Asked,
  clientGone: AbortSignal,
): Promise<Response> {
  const { id } = await findContainer(context, ref);
  return generatedEventStream(AbortSignal.any([clientGone, context.stopping]), (signal) =>
    readings(context, id, asked, signal),
  );
}

/** Makes a refused call in a scratch container. Throws validation-failed for one that is not refused. */
export async function trySystemCall(context: WebContext, ref: string, body: TrySystemCall): Promise<TriedSystemCall> {
  const { id } = await findContainer(context, ref);
  const path = `/containers/${id}/kernel/try`;
  return TriedSystemCall.parse(await callWorker(context.workerSocket, "POST", path, body, { timeoutMs: tryWithinMs }));
}

async function* readings(context: WebContext, id: string, asked: Asked, signal: AbortSignal): AsyncGenerator<string> {
  while (!signal.aborted) {
    const began = Date.now();
    yield await told(context, id, asked);
    const wait = Math.max(0, began + everyMs - Date.now());
    await sleep(wait, undefined, { signal }).catch(() => {});
  }
}

/** A reading as a message; a comment, which keeps the connection, while there is nothing to read. */
async function told(context: WebContext, id: string, asked: Asked): Promise<string> {
  try {
    return formatServerSent({ data: await read(context, id, asked) });
  } catch (error) {
    const problem = problemOf(error);
    if (!problem) throw error;
    if (problem.code === "container-not-running") return ": not running\n\n";
    return formatServerSent({ event: "problem", data: problem });
  }
}

async function read({ workerSocket }: WebContext, id: string, { parts }: Asked): Promise<KernelView> {
  const query = parts ? `?parts=${parts.join(",")}` : "";
  return KernelView.parse(
    await callWorker(workerSocket, "GET", `/containers/${id}/kernel${query}`, undefined, { timeoutMs }),
  );
}
