import { setTimeout as sleep } from "node:timers/promises";
import type { StatsSample, StatsSnapshot } from "../../lib/contract/stats.ts";
import { type Context, cgroupPath } from "../context.ts";
import { firstProcess } from "../files/container-root.ts";
import type { ContainerRecord } from "../state/record.ts";
import { toPoint } from "./history.ts";
import { type HostTimes, measureHost } from "./host.ts";
import { type Measurement, measure, toSample } from "./measurement.ts";

/** Measures every running container once a second, for all who want to know. */
export interface Monitor {
  /** How things stand: what the last second brought or, when nothing was measured lately, a measurement made now. */
  snapshot(): Promise<StatsSnapshot>;
  /** Calls the listener with every second's snapshot until the call that this returns. */
  subscribe(listener: (snapshot: StatsSnapshot) => void): () => void;
}

const intervalMs = 1_000;
/** A snapshot is taken for the present this long, in milliseconds. */
const freshMs = 1_500;

interface Known {
  /** The run that was measured: counters of the next one begin anew. */
  run: string | null;
  measurement: Measurement;
}

/** Runs until the signal aborts. While no container runs and nobody listens, nothing is measured. */
export function createMonitor(context: Context, stopping: AbortSignal): Monitor {
  const listeners = new Set<(snapshot: StatsSnapshot) => void>();
  const { history } = context;
  let known = new Map<string, Known>();
  let times: HostTimes | null = null;
  let latest: { snapshot: StatsSnapshot; madeAt: number } | null = null;
  let measuring: Promise<StatsSnapshot> | null = null;

  const measureAll = async (): Promise<StatsSnapshot> => {
    const records = context.records.live().filter((record) => firstProcess(context, record) !== null);
    const targets = records.map((record) => targetOf(context, record));
    const [measurements, host] = await Promise.all([
      measure(context.addon, targets),
      measureHost(context.config.home, times),
    ]);
    const now = Date.now();
    const at = new Date(now).toISOString();
    const next = new Map<string, Known>();
    const containers: StatsSample[] = [];
    for (const [index, record] of records.entries()) {
      const measurement = measurements[index];
      if (!measurement) continue;
      const last = known.get(record.id);
      const before = last && last.run === record.run ? last.measurement : null;
      const named = { id: record.id, name: record.spec.name, ownNetwork: record.spec.network !== "host" };
      containers.push(toSample(named, at, measurement, before));
      history.add(record.id, Math.floor(now / 1000), toPoint(measurement, before));
      next.set(record.id, { run: record.run, measurement });
    }
    known = next;
    times = host.times;
    const snapshot = { at, host: host.stats, containers };
    latest = { snapshot, madeAt: now };
    return snapshot;
  };

  const measureOnce = (): Promise<StatsSnapshot> => {
    measuring ??= measureAll().finally(() => {
      measuring = null;
    });
    return measuring;
  };

  const tick = async () => {
    const live = context.records.live();
    history.sweep(new Set(live.map(({ id }) => id)), Math.floor(Date.now() / 1000));
    const isIdle = listeners.size === 0 && !live.some((record) => firstProcess(context, record));
    if (isIdle) {
      known.clear();
      times = null;
      return;
    }
    const snapshot = await measureOnce();
    for (const listener of listeners) listener(snapshot);
  };

  void (async () => {
    while (!stopping.aborted) {
      // At the beginning of each second, so that every second of the history gets one point.
      await sleep(intervalMs - (Date.now() % intervalMs), undefined, { signal: stopping, ref: false }).catch(() => {});
      if (stopping.aborted) return;
      await tick().catch((error) => context.log.warn({ err: error }, "the containers could not be measured"));
    }
  })();

  return {
    snapshot: async () => (latest && Date.now() - latest.madeAt < freshMs ? latest.snapshot : measureOnce()),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function targetOf(context: Context, record: ContainerRecord) {
  const cgroup = cgroupPath(context, record.id);
  return { cgroup, process: record.spec.network === "host" ? null : firstProcess(context, record) };
}
