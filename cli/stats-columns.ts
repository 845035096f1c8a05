import type { StatsSample } from "../lib/contract/stats.ts";
import { formatBytes } from "./format.ts";
import type { Column } from "./print-table.ts";

const bytes = (value: number | null) => (value === null ? "-" : formatBytes(value));
const percent = (value: number | null) => (value === null ? "-" : `${value.toFixed(1)} %`);
const number = (value: number | null) => (value === null ? "-" : String(value));

/** Share of its CPU limit that a container uses, in percent; null where there is no limit, or no figure. */
export function cpuOfLimit({ cpu }: StatsSample): number | null {
  return cpu.percent === null || !cpu.limitCores ? null : cpu.percent / cpu.limitCores;
}

/** Share of its memory limit that a container uses, in percent. */
export function memoryOfLimit({ memory }: StatsSample): number | null {
  return share(memory.currentBytes, memory.limitBytes);
}

/** Share of its limit of processes that a container uses, in percent. */
export function pidsOfLimit({ pids }: StatsSample): number | null {
  return share(pids.current, pids.limit);
}

function share(part: number | null, whole: number | null): number | null {
  return part === null || !whole ? null : (part / whole) * 100;
}

/** What stats shows, as Docker does. */
export const statsColumns: readonly Column<StatsSample>[] = [
  { heading: "NAME", cell: ({ name }, style) => style.bold(name) },
  { heading: "CPU", right: true, cell: ({ cpu }) => percent(cpu.percent) },
  {
    heading: "MEMORY / LIMIT",
    right: true,
    cell: ({ memory }) => `${bytes(memory.currentBytes)} / ${bytes(memory.limitBytes)}`,
  },
  { heading: "MEMORY", right: true, cell: (sample) => percent(memoryOfLimit(sample)) },
  {
    heading: "NET IN / OUT",
    right: true,
    cell: ({ network }) => `${bytes(network?.receivedBytes ?? null)} / ${bytes(network?.sentBytes ?? null)}`,
  },
  {
    heading: "DISK IN / OUT",
    right: true,
    cell: ({ io }) => `${bytes(io.readBytes)} / ${bytes(io.writeBytes)}`,
  },
  { heading: "PIDS", right: true, cell: ({ pids }) => number(pids.current) },
];

/** What monitor adds: what holds a container back. */
export const monitorColumns: readonly Column<StatsSample>[] = [
  ...statsColumns,
  { heading: "OF CPU LIMIT", right: true, cell: (sample) => percent(cpuOfLimit(sample)) },
  { heading: "THROTTLED", right: true, cell: ({ cpu }) => percent(share(cpu.throttledPeriods, cpu.periods)) },
  { heading: "OOM KILLS", right: true, cell: ({ memory }) => number(memory.oomKills) },
  {
    heading: "PRESSURE CPU / MEM / IO",
    right: true,
    cell: ({ pressure: { cpu, memory, io } }) =>
      [cpu, memory, io].map((each) => (each ? each.some.toFixed(0) : "-")).join(" / "),
  },
];

const csvColumns: readonly [name: string, value: (sample: StatsSample) => string | number | null][] = [
  ["at", ({ at }) => at],
  ["id", ({ containerId }) => containerId],
  ["name", ({ name }) => name],
  ["cpu_percent", ({ cpu }) => cpu.percent],
  ["cpu_limit_cores", ({ cpu }) => cpu.limitCores],
  ["cpu_seconds", ({ cpu }) => cpu.usageSeconds],
  ["throttled_seconds", ({ cpu }) => cpu.throttledSeconds],
  ["memory_bytes", ({ memory }) => memory.currentBytes],
  ["memory_limit_bytes", ({ memory }) => memory.limitBytes],
  ["memory_anon_bytes", ({ memory }) => memory.anonBytes],
  ["memory_file_bytes", ({ memory }) => memory.fileBytes],
  ["memory_kernel_bytes", ({ memory }) => memory.kernelBytes],
  ["swap_bytes", ({ memory }) => memory.swapBytes],
  ["oom_kills", ({ memory }) => memory.oomKills],
  ["pids", ({ pids }) => pids.current],
  ["pids_limit", ({ pids }) => pids.limit],
  ["read_bytes", ({ io }) => io.readBytes],
  ["write_bytes", ({ io }) => io.writeBytes],
  ["received_bytes", ({ network }) => network?.receivedBytes ?? null],
  ["sent_bytes", ({ network }) => network?.sentBytes ?? null],
  ["cpu_pressure", ({ pressure }) => pressure.cpu?.some ?? null],
  ["memory_pressure", ({ pressure }) => pressure.memory?.some ?? null],
  ["io_pressure", ({ pressure }) => pressure.io?.some ?? null],
];

export const statsCsvHeader = csvLine(csvColumns.map(([name]) => name));

export function statsCsvLine(sample: StatsSample): string {
  return csvLine(csvColumns.map(([, value]) => value(sample)));
}

/** A line as RFC 4180 has it, without its end; null is an empty field. */
export function csvLine(fields: readonly (string | number | null)[]): string {
  return fields
    .map((field) => String(field ?? ""))
    .map((field) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field))
    .join(",");
}
