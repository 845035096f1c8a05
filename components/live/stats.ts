import type { HostStats, StatsSample, StatsSnapshot } from "@/lib/contract/stats.ts";
import { keepStream } from "./keep-stream.ts";

/** `away`: the stream is lost or was never there; what it told last may be old. */
export type StatsStatus = "waiting" | "live" | "away";

export interface Stats {
  subscribe(changed: () => void): () => void;
  status(): StatsStatus;
  host(): HostStats | null;
  sample(containerId: string): StatsSample | null;
  /** Every container's sample of the last moment. */
  samples(): ReadonlyMap<string, StatsSample>;
}

const closeAfterMs = 1_000;

/**
 * What host and containers use, once a second, for all parts of the page that ask: one stream, open while one does and
 * the page is looked at.
 */
export function createStats(open: () => EventSource): Stats {
  const watchers = new Set<() => void>();
  let stop: (() => void) | null = null;
  let status: StatsStatus = "waiting";
  let host: HostStats | null = null;
  let samples: ReadonlyMap<string, StatsSample> = new Map();
  let closing: ReturnType<typeof setTimeout> | undefined;

  const tell = () => {
    for (const changed of watchers) changed();
  };
  const listen = (): EventSource => {
    const source = open();
    source.addEventListener("message", ({ data }: MessageEvent<string>) => {
      const snapshot: StatsSnapshot = JSON.parse(data);
      status = "live";
      host = snapshot.host;
      samples = new Map(snapshot.containers.map((sample) => [sample.containerId, sample]));
      tell();
    });
    return source;
  };
  const become = (next: StatsStatus) => {
    status = next;
    tell();
  };

  return {
    subscribe(changed) {
      clearTimeout(closing);
      watchers.add(changed);
      stop ??= keepStream({ open: listen, onAway: () => become("away"), onRest: () => become("waiting") });
      return () => {
        watchers.delete(changed);
        closing = setTimeout(() => {
          if (watchers.size > 0) return;
          stop?.();
          stop = null;
          status = "waiting";
          host = null;
          samples = new Map();
        }, closeAfterMs);
      };
    },
    status: () => status,
    host: () => host,
    sample: (containerId) => samples.get(containerId) ?? null,
    samples: () => samples,
  };
}

/** The statistics of this page. */
export const stats = createStats(() => new EventSource("/api/v1/stats?follow=true"));
