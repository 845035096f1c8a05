import type { StatsSample } from "../lib/contract/stats.ts";
import { cpuOfLimit, memoryOfLimit, pidsOfLimit } from "./stats-columns.ts";

/** The most that a container may use, each in percent of its own limit. */
export interface Thresholds {
  maxCpu?: number;
  maxMemory?: number;
  maxPids?: number;
}

const measures: readonly [key: keyof Thresholds, what: string, read: (sample: StatsSample) => number | null][] = [
  ["maxCpu", "CPU", cpuOfLimit],
  ["maxMemory", "memory", memoryOfLimit],
  ["maxPids", "process", pidsOfLimit],
];

/** A sentence for each threshold that a sample has passed. */
export function passedThresholds(sample: StatsSample, thresholds: Thresholds): string[] {
  return measures.flatMap(([key, what, read]) => {
    const [most, used] = [thresholds[key], read(sample)];
    if (most === undefined || used === null || used <= most) return [];
    return [`${sample.name} uses ${used.toFixed(1)} % of its ${what} limit, more than ${most} %`];
  });
}
