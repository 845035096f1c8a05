import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { openWorkerResponse } from "../lib/client/worker.ts";
import { StatsSnapshot } from "../lib/contract/stats.ts";

type Listener = (snapshot: StatsSnapshot) => void;

/** One stream of the worker's measurements, for all who listen in this process; open only while somebody does. */
export interface StatsHub {
  /** Calls the listener with every second's snapshot until the call that this returns. */
  subscribe(listener: Listener): () => void;
}

const retryMs = 1_000;
/** The worker sends a snapshot a second: a stream that is silent for this long is dead. */
const silenceMs = 10_000;

export function createStatsHub(socketPath: string, stopping: AbortSignal, log: Logger): StatsHub {
  const listeners = new Set<Listener>();
  let open: AbortController | null = null;

  const hear = (line: string) => {
    const snapshot = StatsSnapshot.parse(JSON.parse(line));
    for (const listener of listeners) listener(snapshot);
  };

  return {
    subscribe(listener) {
      listeners.add(listener);
      if (!open) {
        open = new AbortController();
        void keepReading(socketPath, AbortSignal.any([open.signal, stopping]), hear, log);
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        open?.abort();
        open = null;
      };
    },
  };
}

async function keepReading(
  socketPath: string,
  signal: AbortSignal,
  hear: (line: string) => void,
  log: Logger,
): Promise<void> {
  while (!signal.aborted) {
    await read(socketPath, signal, hear).catch((error) => {
      if (!signal.aborted) log.warn({ err: error }, "the worker's statistics are lost");
    });
    await sleep(retryMs, undefined, { signal }).catch(() => {});
  }
}

async function read(socketPath: string, signal: AbortSignal, hear: (line: string) => void): Promise<void> {
  const call = { method: "GET", path: "/stats?follow=1", signal, timeoutMs: 5_000 } as const;
  const response = await openWorkerResponse(socketPath, call);
  response.setTimeout(silenceMs, () => response.destroy(new Error(`nothing was heard for ${silenceMs} ms`)));
  for await (const line of createInterface({ input: response, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line !== "") hear(line);
  }
}
