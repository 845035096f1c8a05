import * as z from "zod";
import { ContainerId } from "./container.ts";

const count = z.number().nullable();
/** Share of time, in percent over 10 s, in which some or all tasks waited: PSI; null on a kernel or tree without it. */
const Pressure = z.object({ some: z.number(), full: z.number().nullable() }).nullable();

/** What one container uses. Totals count from its start; null is what this kernel does not tell. */
export const StatsSample = z
  .object({
    containerId: ContainerId,
    name: z.string(),
    at: z.iso.datetime(),
    cpu: z.object({
      percent: count.describe("over the last second; 100 is one core"),
      usageSeconds: count,
      limitCores: count,
      throttledSeconds: count,
      throttledPeriods: count,
      periods: count,
    }),
    memory: z.object({
      currentBytes: count,
      peakBytes: count,
      limitBytes: count,
      anonBytes: count,
      fileBytes: count,
      kernelBytes: count,
      swapBytes: count,
      oomKills: count,
    }),
    io: z.object({ readBytes: count, writeBytes: count, readOperations: count, writeOperations: count }),
    pids: z.object({ current: count, limit: count }),
    network: z
      .object({
        receivedBytes: z.number(),
        sentBytes: z.number(),
        receivedPackets: z.number(),
        sentPackets: z.number(),
      })
      .nullable()
      .describe("null in the host's network"),
    pressure: z.object({ cpu: Pressure, memory: Pressure, io: Pressure }),
  })
  .meta({ id: "StatsSample" });
export type StatsSample = z.infer<typeof StatsSample>;

/** What the machine has and uses. */
export const HostStats = z
  .object({
    cores: z.int(),
    cpuPercent: count.describe("of the whole machine, over the last second"),
    load: z.tuple([z.number(), z.number(), z.number()]),
    memoryBytes: z.number(),
    memoryAvailableBytes: z.number(),
    diskBytes: z.number().describe("of the file system that holds the state directory"),
    diskFreeBytes: z.number(),
    uptimeSeconds: z.number(),
  })
  .meta({ id: "HostStats" });
export type HostStats = z.infer<typeof HostStats>;

/** One moment: the machine and every container that runs. */
export const StatsSnapshot = z
  .object({ at: z.iso.datetime(), host: HostStats, containers: z.array(StatsSample) })
  .meta({ id: "StatsSnapshot" });
export type StatsSnapshot = z.infer<typeof StatsSnapshot>;

export const FollowQuery = z.object({ follow: z.stringbool().default(false) });

/** Columns of a history; rates are per second, over each point's span. */
export const historySeries = [
  "cpuPercent",
  "throttledPercent",
  "memoryBytes",
  "anonBytes",
  "fileBytes",
  "kernelBytes",
  "pids",
  "readBytesPerSecond",
  "writeBytesPerSecond",
  "receivedBytesPerSecond",
  "sentBytesPerSecond",
  "cpuPressure",
  "memoryPressure",
  "ioPressure",
] as const;
export type HistorySeries = (typeof historySeries)[number];

/** 15m in steps of 1 s, 1d in steps of 1 min, 30d in steps of 15 min. */
export const HistoryQuery = z.object({ range: z.enum(["15m", "1d", "30d"]).default("15m") });
export type HistoryQuery = z.infer<typeof HistoryQuery>;

/** Points in order of time, as columns of equal length; `at` in seconds since 1970, as uPlot takes them. */
export const StatsHistory = z
  .object({
    range: z.enum(["15m", "1d", "30d"]),
    stepSeconds: z.int(),
    at: z.array(z.number()),
    series: z.record(z.enum(historySeries), z.array(count)),
  })
  .meta({ id: "StatsHistory" });
export type StatsHistory = z.infer<typeof StatsHistory>;

/** A process of a container. `pid` as the container counts, `hostPid` as the host does; names are as the kernel has them. */
export const ProcessInfo = z
  .object({
    pid: z.int(),
    hostPid: z.int(),
    parentPid: z.int().describe("0: its parent is outside"),
    uid: z.int(),
    user: z.string().nullable().describe("its name in the container's /etc/passwd"),
    state: z.string().describe("as in ps: R, S, D, T, Z, I"),
    name: z.string(),
    command: z.array(z.string()),
    threads: z.int(),
    cpuSeconds: z.number(),
    memoryBytes: z.number().describe("resident"),
    startedAt: z.iso.datetime(),
  })
  .meta({ id: "ProcessInfo" });
export type ProcessInfo = z.infer<typeof ProcessInfo>;

/** At most 2,000 are listed; `total` says how many there are. */
export const ProcessList = z
  .object({ at: z.iso.datetime(), total: z.int(), items: z.array(ProcessInfo) })
  .meta({ id: "ProcessList" });
export type ProcessList = z.infer<typeof ProcessList>;
