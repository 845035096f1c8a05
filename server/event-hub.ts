import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { watchWorkerEvents } from "../lib/client/worker.ts";
import { type ContainerEvent, EventLine } from "../lib/contract/event.ts";

/** What a subscriber hears: `resync` means that events may have been missed and the state must be read anew. */
export type HubMessage = { type: "event"; event: ContainerEvent } | { type: "resync" } | { type: "lost" };

type Listener = (message: HubMessage) => void;

/** One subscription to the worker's events, for all who listen in this process. */
export interface EventHub {
  /** When the worker's stream broke; null while it is open. */
  readonly lostSince: Date | null;
  /**
   * Calls the listener first with what came after `lastEventId`, or with a resync when that is no longer known,
   * and then with everything that comes. Returns the call that ends it.
   */
  subscribe(listener: Listener, lastEventId?: string | null): () => void;
}

const historyLength = 512;
const maxBackOffMs = 5_000;

export function createEventHub(socketPath: string, stopping: AbortSignal, log: Logger): EventHub {
  const listeners = new Set<Listener>();
  const history: ContainerEvent[] = [];
  let lostSince: Date | null = new Date();

  const broadcast = (message: HubMessage) => {
    for (const listener of listeners) listener(message);
  };

  const hear = (text: string) => {
    const line = EventLine.parse(JSON.parse(text));
    if (line.type === "hello") {
      lostSince = null;
      history.length = 0;
      broadcast({ type: "resync" });
    } else if (line.type === "event") {
      history.push(line.event);
      if (history.length > historyLength) history.shift();
      broadcast(line);
    }
  };

  const lose = (error: unknown) => {
    if (lostSince === null) {
      log.warn({ err: error }, "the worker's event stream is lost");
      lostSince = new Date();
    }
    broadcast({ type: "lost" });
  };

  void keepWatching(socketPath, stopping, hear, lose);

  return {
    get lostSince() {
      return lostSince;
    },
    subscribe(listener, lastEventId) {
      const at = lastEventId ? history.findIndex(({ id }) => id === lastEventId) : -1;
      if (at < 0) listener({ type: "resync" });
      else for (const event of history.slice(at + 1)) listener({ type: "event", event });
      if (lostSince) listener({ type: "lost" });
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

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
