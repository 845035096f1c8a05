import type { Container } from "@/lib/contract/container.ts";
import type { HistorySeries, StatsSample } from "@/lib/contract/stats.ts";
import { formatBytes } from "../format.ts";
import type { SeriesColor } from "./chart-colors.ts";
import type { ChartModel, ChartSeries } from "./chart-model.ts";
import type { Columns } from "./columns.ts";

/** A chart before its time is known. `absent` says why it cannot be drawn. */
export interface ChartPlan extends Pick<ChartModel, "unit" | "series" | "stacked" | "limit"> {
  title: string;
  hint: string;
  absent: string | null;
}

/** The charts of a container, as far as its kernel tells what they show. */
export function planCharts(container: Container, { series }: Columns, latest: StatsSample | null): ChartPlan[] {
  const line = (name: HistorySeries, label: string, color: SeriesColor, dashed?: true): ChartSeries[] =>
    series[name].some((value) => value !== null)
      ? [{ label, color, values: series[name], ...(dashed && { line: true as const }) }]
      : [];
  const { limits, network } = container;
  return [
    {
      title: "CPU",
      hint: "100 % is one core; throttled: of its periods",
      unit: "percent",
      series: [...line("cpuPercent", "Used", "series-1"), ...line("throttledPercent", "Throttled", "warn", true)],
      limit: { value: limits.cpus * 100, label: `limit ${limits.cpus * 100} %` },
      absent: null,
    },
    {
      title: "Memory",
      hint: "Swap included in the limit",
      unit: "bytes",
      ...memory(line),
      limit: { value: limits.memoryBytes, label: `limit ${formatBytes(limits.memoryBytes)}` },
      absent: null,
    },
    {
      title: "Processes",
      hint: "Threads count too",
      unit: "count",
      series: line("pids", "Tasks", "series-3"),
      limit: { value: limits.pids, label: `limit ${limits.pids.toLocaleString("en-US")}` },
      absent: null,
    },
    {
      title: "Disk",
      hint: "What reached a block device",
      unit: "rate",
      series: [
        ...line("readBytesPerSecond", "Read", "series-1"),
        ...line("writeBytesPerSecond", "Written", "series-2"),
      ],
      absent: null,
    },
    {
      title: "Network",
      hint: "Every interface of its network namespace",
      unit: "rate",
      series: [
        ...line("receivedBytesPerSecond", "Received", "series-4"),
        ...line("sentBytesPerSecond", "Sent", "series-3"),
      ],
      absent: network === "host" ? "It is in the host's network, which counts for all that use it." : null,
    },
    {
      title: "Pressure",
      hint: "Time in which tasks waited, over 10 s",
      unit: "percent",
      series: [
        ...line("cpuPressure", "CPU", "series-1"),
        ...line("memoryPressure", "Memory", "series-3"),
        ...line("ioPressure", "Disk", "series-2"),
      ],
      absent: pressureAbsent(series, latest),
    },
  ];
}

type Line = (name: HistorySeries, label: string, color: SeriesColor) => ChartSeries[];

/** By kind where the kernel tells kinds, else as one surface. */
function memory(line: Line): Pick<ChartPlan, "series" | "stacked"> {
  const kinds = [
    ...line("anonBytes", "Anonymous", "series-1"),
    ...line("fileBytes", "Files", "series-4"),
    ...line("kernelBytes", "Kernel", "series-2"),
  ];
  const total = line("memoryBytes", "In all", "series-3");
  if (kinds.length === 0) return { series: total };
  return { series: [...kinds, ...total.map((item) => ({ ...item, line: true as const }))], stacked: true };
}

function pressureAbsent(series: Columns["series"], latest: StatsSample | null): string | null {
  const kept = [series.cpuPressure, series.memoryPressure, series.ioPressure];
  const told = kept.some((values) => values.some((value) => value !== null));
  if (told || !latest) return null;
  return "This machine's control groups do not tell it. It needs cgroup v2 and a kernel with PSI.";
}
