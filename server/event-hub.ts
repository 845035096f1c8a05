import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { watchWorkerEvents } from "../lib/client/worker.ts";
import { EventLine } from "../lib/contract/event.ts";
import { createEventRing, type EventRing } from "./event-ring.ts";
import { createLiveAccess, type LiveAccess } from "./live-access.ts";
import { createLiveContainers, type LiveContainers } from "./live-containers.ts";
import { formatServerSent } from "./server-sent-events.ts";

/** One subscription to the worker's events, for all who listen in this process. */
export interface EventHub {
  /** When the worker's stream broke; null while it is open. */
  readonly lostSince: Date | null;
  /**
   * What was heard, as it goes out: events with their id, operations, `lost` when the stream breaks, and `resync` when
   * it is open again, because events may have been missed meanwhile.
   */
  ring: EventRing;
  containers: LiveContainers;
  access: LiveAccess;
}

const maxBackOffMs = 5_000;

export function createEventHub(socketPath: string, stopping: AbortSignal, log: Logger): EventHub {
  const ring = createEventRing();
  const containers = createLiveContainers();
  const access = createLiveAccess(socketPath, log);
  let lostSince: Date | null = new Date();

  const hear = (text: string) => {
    const line = EventLine.parse(JSON.parse(text));
    containers.hear(line);
    access.hear(line);
    if (line.type === "hello") {
      lostSince = null;
      ring.push({ id: null, text: resync });
    } else if (line.type === "event") {
      const { id } = line.event;
      ring.push({ id, text: formatServerSent({ id, data: line.event }) });
    } else if (line.type === "operation") {
      ring.push({ id: null, text: formatServerSent({ event: "operation", data: line.operation }) });
    }
  };

  const lose = (error: unknown) => {
    containers.lose();
    if (lostSince !== null) return;
    log.warn({ err: error }, "the worker's event stream is lost");
    lostSince = new Date();
    ring.push({ id: null, text: lost });
  };

  void keepWatching(socketPath, stopping, hear, lose);
  return {
    get lostSince() {
      return lostSince;
    },
    ring,
    containers,
    access,
  };
}

/** Asks a client to read the state anew, because events may have been missed. */
export const resync = formatServerSent({ event: "resync", data: null });
/** Says that the worker is away, and what is known grows old. */
export const lost = formatServerSent({ event: "lost", data: null });

async function keepWatching(
  socketPath: string,
  stopping: AbortSignal,
  hear: (line: string) => void,
  lose: (error: unknown) => void,
): Promise<void> {
  let failures = 0;
  while (!stopping.aborted) {
    try {
      await watchWorkerEvents(socketPath, stopping, (line) => {
        failures = 0;
        hear(line);
      });
      lose(new Error("the worker closed it"));
    } catch (error) {
      if (stopping.aborted) return;
      lose(error);
    }
    failures += 1;
    await sleep(Math.min(100 * 2 ** failures, maxBackOffMs), undefined, { signal: stopping }).catch(() => {});
  }
}
