import type { StatsSample } from "../../lib/contract/stats.ts";
import type { Figure } from "../../native/addon/index.d.ts";
import type { Addon } from "../addon/addon.ts";

/** The figures of one container at one moment; NaN is what this kernel does not tell. */
export type Measurement = Readonly<Record<Figure, number>>;

export interface Target {
  cgroup: string;
  process: { pid: number; startTime: string } | null;
}

/** Measures containers now, in the order of the targets. */
export async function measure(addon: Addon, targets: readonly Target[]): Promise<Measurement[]> {
  const figures = addon.statisticsFigures;
  const values = await addon.sampleStatistics(targets);
  return targets.map((_, index) => {
    const row = {} as Record<Figure, number>;
    for (const [at, figure] of figures.entries()) row[figure] = values[index * figures.length + at] ?? Number.NaN;
    return row;
  });
}

/** What a counter has grown by per second; NaN when there is nothing to compare with, or it began anew. */
export function rate(figure: Figure, now: Measurement, before: Measurement | null): number {
  if (!before) return Number.NaN;
  const grown = now[figure] - before[figure];
  return grown < 0 ? Number.NaN : grown / ((now.monotonicNs - before.monotonicNs) / 1e9);
}

/** Percent of one core: a rate of nanoseconds per second. */
export function cpuPercent(now: Measurement, before: Measurement | null): number {
  return rate("cpuUsageNs", now, before) / 1e7;
}

/** Percent of the scheduler's periods in which the limit held the container back. */
export function throttledPercent(now: Measurement, before: Measurement | null): number {
  const periods = rate("cpuPeriods", now, before);
  return periods === 0 ? 0 : (rate("cpuThrottledPeriods", now, before) / periods) * 100;
}

export interface Named {
  id: string;
  name: string;
  /** Whether it has a network namespace of its own. */
  ownNetwork: boolean;
}

/** A measurement as the contract has it; percents compare with the one before. */
export function toSample(
  { id, name, ownNetwork }: Named,
  at: string,
  now: Measurement,
  before: Measurement | null,
): StatsSample {
  const figure = (name: Figure, scale = 1) => orNull(now[name] * scale);
  const pressure = (some: Figure, full: Figure) =>
    Number.isNaN(now[some]) ? null : { some: now[some], full: orNull(now[full]) };
  return {
    containerId: id,
    name,
    at,
    cpu: {
      percent: orNull(cpuPercent(now, before)),
      usageSeconds: figure("cpuUsageNs", 1e-9),
      limitCores: figure("cpuLimitCores"),
      throttledSeconds: figure("cpuThrottledNs", 1e-9),
      throttledPeriods: figure("cpuThrottledPeriods"),
      periods: figure("cpuPeriods"),
    },
    memory: {
      currentBytes: figure("memoryCurrent"),
      peakBytes: figure("memoryPeak"),
      limitBytes: figure("memoryLimit"),
      anonBytes: figure("memoryAnon"),
      fileBytes: figure("memoryFile"),
      kernelBytes: figure("memoryKernel"),
      swapBytes: figure("memorySwap"),
      oomKills: figure("oomKills"),
    },
    io: {
      readBytes: figure("readBytes"),
      writeBytes: figure("writeBytes"),
      readOperations: figure("readOperations"),
      writeOperations: figure("writeOperations"),
    },
    pids: { current: figure("pidsCurrent"), limit: figure("pidsLimit") },
    network:
      ownNetwork && !Number.isNaN(now.receivedBytes)
        ? {
            receivedBytes: now.receivedBytes,
            sentBytes: now.sentBytes,
            receivedPackets: now.receivedPackets,
            sentPackets: now.sentPackets,
          }
        : null,
    pressure: {
      cpu: pressure("cpuSome", "cpuFull"),
      memory: pressure("memorySome", "memoryFull"),
      io: pressure("ioSome", "ioFull"),
    },
  };
}

/** JSON has no NaN: what is not known is null. */
export function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
