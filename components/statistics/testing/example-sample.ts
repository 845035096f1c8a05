import type { StatsSample } from "@/lib/contract/stats.ts";

/** A sample for tests: 12 % of a core, 3 MiB. */
export function exampleSample(change: Partial<StatsSample> = {}): StatsSample {
  return {
    containerId: "3f0d7a55-7a40-4c57-9d0e-000000000001",
    name: "example",
    at: "2026-01-01T00:00:00.000Z",
    cpu: {
      percent: 12,
      usageSeconds: 4,
      limitCores: 0.5,
      throttledSeconds: 0,
      throttledPeriods: 0,
      periods: 40,
    },
    memory: {
      currentBytes: 3 * 1024 ** 2,
      peakBytes: 4 * 1024 ** 2,
      limitBytes: 64 * 1024 ** 2,
      anonBytes: 1024 ** 2,
      fileBytes: 1024 ** 2,
      kernelBytes: 1024 ** 2,
      swapBytes: 0,
      oomKills: 0,
    },
    io: { readBytes: 0, writeBytes: 0, readOperations: 0, writeOperations: 0 },
    pids: { current: 2, limit: 512 },
    network: { receivedBytes: 0, sentBytes: 0, receivedPackets: 0, sentPackets: 0 },
    pressure: { cpu: null, memory: null, io: null },
    ...change,
  };
}
