import type { HostStats, StatsSample, StatsSnapshot } from "@/lib/contract/stats.ts";

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

const retryMs = 5_000;
const closeAfterMs = 1_000;

/** What host and containers use, once a second, for all parts of the page that ask: one stream, open while one does. */
export function createStats(open: () => EventSource): Stats {
  const watchers = new Set<() => void>();
  let source: EventSource | null = null;
  let status: StatsStatus = "waiting";
  let host: HostStats | null = null;
  let samples: ReadonlyMap<string, StatsSample> = new Map();
  let closing: ReturnType<typeof setTimeout> | undefined;

  const tell = () => {
    for (const changed of watchers) changed();
  };
  const close = () => {
    source?.close();
    source = null;
  };
  const connect = () => {
    source = open();
    source.addEventListener("message", ({ data }: MessageEvent<string>) => {
      const snapshot: StatsSnapshot = JSON.parse(data);
      status = "live";
      host = snapshot.host;
      samples = new Map(snapshot.containers.map((sample) => [sample.containerId, sample]));
      tell();
    });
    source.addEventListener("error", () => {
      status = "away";
      // A browser gives up for good when it is answered with an error status; then we try again ourselves.
      if (source?.readyState === EventSource.CLOSED) {
        close();
        setTimeout(() => watchers.size > 0 && !source && connect(), retryMs);
      }
      tell();
    });
  };

  return {
    subscribe(changed) {
      clearTimeout(closing);
      watchers.add(changed);
      if (!source) connect();
      return () => {
        watchers.delete(changed);
        closing = setTimeout(() => {
          if (watchers.size > 0) return;
          close();
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
