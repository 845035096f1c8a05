import { callWorker } from "../../lib/client/worker.ts";
import { StatsSample, StatsSnapshot } from "../../lib/contract/stats.ts";
import type { WebContext } from "../context.ts";
import { type EventSink, eventStreamResponse } from "../server-sent-events.ts";
import { findContainer } from "./find-container.ts";

const timeoutMs = 5_000;
/** Seconds that may wait for a slow reader: old figures are of no use to it. */
const maxWaiting = 10;

/** What a container uses now. Throws container-not-running. */
export async function readStats(context: WebContext, ref: string): Promise<StatsSample> {
  const { id } = await findContainer(context, ref);
  return StatsSample.parse(
    await callWorker(context.workerSocket, "GET", `/containers/${id}/stats`, undefined, { timeoutMs }),
  );
}

/** What the machine and every running container use now. */
export async function readAllStats({ workerSocket }: WebContext): Promise<StatsSnapshot> {
  return StatsSnapshot.parse(await callWorker(workerSocket, "GET", "/stats", undefined, { timeoutMs }));
}

/** A container's figures as server-sent events, one a second while it runs; the stream outlives its end. */
export async function followStats(context: WebContext, ref: string, clientGone: AbortSignal): Promise<Response> {
  const { id } = await findContainer(context, ref);
  return follow(context, clientGone, (snapshot, sink) => {
    const sample = snapshot.containers.find(({ containerId }) => containerId === id);
    if (sample) sink.send({ data: sample });
  });
}

/** Everyone's figures as server-sent events, one a second. */
export function followAllStats(context: WebContext, clientGone: AbortSignal): Response {
  return follow(context, clientGone, (snapshot, sink) => sink.send({ data: snapshot }));
}

function follow(
  context: WebContext,
  clientGone: AbortSignal,
  tell: (snapshot: StatsSnapshot, sink: EventSink) => void,
): Response {
  const signal = AbortSignal.any([clientGone, context.stopping]);
  return eventStreamResponse(signal, (sink) => context.stats.subscribe((snapshot) => tell(snapshot, sink)), maxWaiting);
}
