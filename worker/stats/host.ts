import { readFile, statfs } from "node:fs/promises";
import { availableParallelism, loadavg, uptime } from "node:os";
import type { HostStats } from "../../lib/contract/stats.ts";

/** Time that the machine's processors have spent, in clock ticks since boot. */
export interface HostTimes {
  busy: number;
  total: number;
}

/** What the machine has and uses; the percent compares with the times of the call before. */
export async function measureHost(
  stateFolder: string,
  before: HostTimes | null,
): Promise<{ stats: HostStats; times: HostTimes }> {
  const [stat, memory, disk] = await Promise.all([
    readFile("/proc/stat", "utf8"),
    readFile("/proc/meminfo", "utf8"),
    statfs(stateFolder),
  ]);
  const times = parseTimes(stat);
  const [one = 0, five = 0, fifteen = 0] = loadavg();
  const stats = {
    cores: availableParallelism(),
    cpuPercent: before && times.total > before.total ? percentOf(times, before) : null,
    load: [one, five, fifteen] as [number, number, number],
    memoryBytes: kibibytes(memory, "MemTotal"),
    memoryAvailableBytes: kibibytes(memory, "MemAvailable"),
    diskBytes: disk.blocks * disk.bsize,
    diskFreeBytes: disk.bavail * disk.bsize,
    uptimeSeconds: uptime(),
  };
  return { stats, times };
}

function percentOf(now: HostTimes, before: HostTimes): number {
  return ((now.busy - before.busy) / (now.total - before.total)) * 100;
}

/** proc_stat(5): user, nice, system, idle, iowait, irq, softirq, steal; guest time is in user already. */
export function parseTimes(text: string): HostTimes {
  const fields = (/^cpu +(.*)$/m.exec(text)?.[1] ?? "").split(" ").slice(0, 8).map(Number);
  const total = fields.reduce((sum, ticks) => sum + ticks, 0);
  const [, , , idle = 0, iowait = 0] = fields;
  return { busy: total - idle - iowait, total };
}

function kibibytes(text: string, name: string): number {
  return Number(new RegExp(`^${name}: +(\\d+) kB`, "m").exec(text)?.[1] ?? 0) * 1024;
}
