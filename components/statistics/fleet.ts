import type { StatsSample } from "@/lib/contract/stats.ts";

/** How many seconds a row remembers. */
export const rememberedSeconds = 60;

/** What a container uses now and has used in the last minute; null is what its kernel does not tell. */
export interface FleetRow {
  id: string;
  name: string;
  cpuPercent: number | null;
  cpuLimitPercent: number | null;
  memoryBytes: number | null;
  memoryLimitBytes: number | null;
  pids: number | null;
  /** Read and written, a second. */
  diskRate: number | null;
  /** Received and sent, a second. */
  networkRate: number | null;
  cpuHistory: readonly number[];
  memoryHistory: readonly number[];
}

/** Rows by container id, with the samples that their rates are counted from. */
export type Fleet = ReadonlyMap<string, { row: FleetRow; sample: StatsSample }>;

/** The fleet a moment later: containers that are not in the samples any more are left out. */
export function advanceFleet(fleet: Fleet, samples: Iterable<StatsSample>): Fleet {
  const next = new Map<string, { row: FleetRow; sample: StatsSample }>();
  for (const sample of samples) {
    const before = fleet.get(sample.containerId);
    const known = before?.sample === sample ? before : { row: advanceRow(sample, before), sample };
    next.set(sample.containerId, known);
  }
  return next;
}

function advanceRow(sample: StatsSample, before: { row: FleetRow; sample: StatsSample } | undefined): FleetRow {
  const { cpu, memory, pids, io, network } = sample;
  const seconds = before ? (Date.parse(sample.at) - Date.parse(before.sample.at)) / 1000 : 0;
  const rate = (now: number | null, then: number | null | undefined) =>
    now === null || then == null || now < then || seconds <= 0 ? null : (now - then) / seconds;
  const earlier = before?.sample;
  return {
    id: sample.containerId,
    name: sample.name,
    cpuPercent: cpu.percent,
    cpuLimitPercent: cpu.limitCores === null ? null : cpu.limitCores * 100,
    memoryBytes: memory.currentBytes,
    memoryLimitBytes: memory.limitBytes,
    pids: pids.current,
    diskRate: rate(sum(io.readBytes, io.writeBytes), earlier && sum(earlier.io.readBytes, earlier.io.writeBytes)),
    networkRate: rate(
      network && network.receivedBytes + network.sentBytes,
      earlier?.network && earlier.network.receivedBytes + earlier.network.sentBytes,
    ),
    cpuHistory: remember(before?.row.cpuHistory, cpu.percent),
    memoryHistory: remember(before?.row.memoryHistory, memory.currentBytes),
  };
}

function sum(a: number | null, b: number | null): number | null {
  return a === null && b === null ? null : (a ?? 0) + (b ?? 0);
}

function remember(values: readonly number[] = [], value: number | null): readonly number[] {
  return [...values.slice(1 - rememberedSeconds), value ?? 0];
}

export const fleetSorts = ["name", "cpu", "memory", "pids", "disk", "network"] as const;
export type FleetSort = (typeof fleetSorts)[number];

const measures: Record<Exclude<FleetSort, "name">, (row: FleetRow) => number> = {
  cpu: ({ cpuPercent }) => cpuPercent ?? -1,
  memory: ({ memoryBytes }) => memoryBytes ?? -1,
  pids: ({ pids }) => pids ?? -1,
  disk: ({ diskRate }) => diskRate ?? -1,
  network: ({ networkRate }) => networkRate ?? -1,
};

const names = new Intl.Collator("en", { numeric: true });
const byName = (a: FleetRow, b: FleetRow) => names.compare(a.name, b.name);

/** Names from a to z, everything else with the most first. */
export function sortFleet(rows: readonly FleetRow[], sort: FleetSort): FleetRow[] {
  if (sort === "name") return [...rows].sort(byName);
  const measure = measures[sort];
  return [...rows].sort((a, b) => measure(b) - measure(a) || byName(a, b));
}

/** What all rows use together. */
export function totalOf(rows: readonly FleetRow[]) {
  const total = { cpuPercent: 0, memoryBytes: 0, pids: 0, diskRate: 0, networkRate: 0 };
  for (const row of rows) {
    total.cpuPercent += row.cpuPercent ?? 0;
    total.memoryBytes += row.memoryBytes ?? 0;
    total.pids += row.pids ?? 0;
    total.diskRate += row.diskRate ?? 0;
    total.networkRate += row.networkRate ?? 0;
  }
  return total;
}
