import { type HistorySeries, historySeries } from "../../lib/contract/stats.ts";
import type { StatisticRow } from "../../lib/store/statistics.ts";
import { cpuPercent, type Measurement, rate, throttledPercent } from "./measurement.ts";

/** Seconds that are kept in memory: the finest history, also while the database is away. */
const keptSeconds = 15 * 60;
const width = historySeries.length;

/** The last fifteen minutes of every container, a point a second; what is not yet in the database is known. */
export interface History {
  /** Adds a container's point; `second` counts since 1970 and grows. */
  add(id: string, second: number, values: readonly number[]): void;
  /** A container's points after `from`, in order of time. */
  read(id: string, from: number): StatisticRow[];
  /** Points that came after the last call of `written`, of all containers. */
  unwritten(): StatisticRow[];
  /** All points up to this second are in the database. */
  written(second: number): void;
  /** Forgets containers that are not among these, and points that are older than `now` minus fifteen minutes. */
  sweep(live: ReadonlySet<string>, now: number): void;
}

/** A ring of points: the one of second s lies at s modulo the ring's length. */
interface Ring {
  seconds: Float64Array;
  values: Float32Array;
  last: number;
}

export function createHistory(): History {
  const rings = new Map<string, Ring>();
  let writtenUntil = 0;

  const rowsOf = (id: string, { seconds, values, last }: Ring, from: number): StatisticRow[] => {
    const rows: StatisticRow[] = [];
    for (let second = Math.max(from, last - keptSeconds) + 1; second <= last; second += 1) {
      const at = second % keptSeconds;
      if (seconds[at] === second) {
        rows.push({ containerId: id, second, values: values.subarray(at * width, (at + 1) * width) });
      }
    }
    return rows;
  };

  return {
    add(id, second, values) {
      const ring = rings.get(id) ?? newRing();
      rings.set(id, ring);
      ring.seconds[second % keptSeconds] = second;
      ring.values.set(values, (second % keptSeconds) * width);
      ring.last = second;
    },
    read(id, from) {
      const ring = rings.get(id);
      return ring ? rowsOf(id, ring, from) : [];
    },
    unwritten: () => [...rings].flatMap(([id, ring]) => rowsOf(id, ring, writtenUntil)),
    written(second) {
      writtenUntil = Math.max(writtenUntil, second);
    },
    sweep(live, now) {
      for (const [id, { last }] of rings) {
        if (!live.has(id) || last < now - keptSeconds) rings.delete(id);
      }
    },
  };
}

function newRing(): Ring {
  return { seconds: new Float64Array(keptSeconds), values: new Float32Array(keptSeconds * width), last: 0 };
}

const series: Record<HistorySeries, (now: Measurement, before: Measurement | null) => number> = {
  cpuPercent,
  throttledPercent,
  memoryBytes: (now) => now.memoryCurrent,
  anonBytes: (now) => now.memoryAnon,
  fileBytes: (now) => now.memoryFile,
  kernelBytes: (now) => now.memoryKernel,
  pids: (now) => now.pidsCurrent,
  readBytesPerSecond: (now, before) => rate("readBytes", now, before),
  writeBytesPerSecond: (now, before) => rate("writeBytes", now, before),
  receivedBytesPerSecond: (now, before) => rate("receivedBytes", now, before),
  sentBytesPerSecond: (now, before) => rate("sentBytes", now, before),
  cpuPressure: (now) => now.cpuSome,
  memoryPressure: (now) => now.memorySome,
  ioPressure: (now) => now.ioSome,
};

/** A point of the history: a value for each series, in the order of the contract; NaN where there is none. */
export function toPoint(now: Measurement, before: Measurement | null): number[] {
  return historySeries.map((name) => series[name](now, before));
}
