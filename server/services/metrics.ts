import { callWorker } from "../../lib/client/worker.ts";
import { Container, ContainerState } from "../../lib/contract/container.ts";
import type { HostStats, StatsSample } from "../../lib/contract/stats.ts";
import type { WebContext } from "../context.ts";
import { readAllStats } from "./stats.ts";

type Labels = Record<string, string>;

/** A metric: its name behind `minirun_`, what it means, and where its value is; null is left out. */
interface Metric<T> {
  name: string;
  type: "gauge" | "counter";
  help: string;
  value: (of: T) => number | null | undefined;
}

const hostMetrics: Metric<HostStats>[] = [
  { name: "host_cores", type: "gauge", help: "Processors of the machine.", value: (host) => host.cores },
  {
    name: "host_cpu_percent",
    type: "gauge",
    help: "Processor time used, in percent of the whole machine.",
    value: (host) => host.cpuPercent,
  },
  { name: "host_load1", type: "gauge", help: "Load average over one minute.", value: (host) => host.load[0] },
  { name: "host_load5", type: "gauge", help: "Load average over five minutes.", value: (host) => host.load[1] },
  { name: "host_load15", type: "gauge", help: "Load average over 15 minutes.", value: (host) => host.load[2] },
  { name: "host_memory_bytes", type: "gauge", help: "Memory of the machine.", value: (host) => host.memoryBytes },
  {
    name: "host_memory_available_bytes",
    type: "gauge",
    help: "Memory that can be had without swapping.",
    value: (host) => host.memoryAvailableBytes,
  },
  {
    name: "host_disk_bytes",
    type: "gauge",
    help: "Size of the file system with the state directory.",
    value: (host) => host.diskBytes,
  },
  { name: "host_disk_free_bytes", type: "gauge", help: "What is free of it.", value: (host) => host.diskFreeBytes },
  { name: "host_uptime_seconds", type: "gauge", help: "Time since boot.", value: (host) => host.uptimeSeconds },
];

const counter = (name: string, help: string, value: Metric<StatsSample>["value"]): Metric<StatsSample> => ({
  name: `container_${name}`,
  type: "counter",
  help,
  value,
});
const gauge = (name: string, help: string, value: Metric<StatsSample>["value"]): Metric<StatsSample> => ({
  name: `container_${name}`,
  type: "gauge",
  help,
  value,
});

const containerMetrics: Metric<StatsSample>[] = [
  counter("cpu_seconds_total", "Processor time used.", ({ cpu }) => cpu.usageSeconds),
  gauge("cpu_limit_cores", "Processors that it may use.", ({ cpu }) => cpu.limitCores),
  counter("cpu_throttled_seconds_total", "Time that its limit held it back.", ({ cpu }) => cpu.throttledSeconds),
  counter("cpu_throttled_periods_total", "Periods in which it was.", ({ cpu }) => cpu.throttledPeriods),
  counter("cpu_periods_total", "Periods in which it ran.", ({ cpu }) => cpu.periods),
  gauge("memory_bytes", "Memory used, caches included.", ({ memory }) => memory.currentBytes),
  gauge("memory_peak_bytes", "The most that it has used.", ({ memory }) => memory.peakBytes),
  gauge("memory_limit_bytes", "Memory that it may use.", ({ memory }) => memory.limitBytes),
  gauge("memory_anonymous_bytes", "Memory of programs' own.", ({ memory }) => memory.anonBytes),
  gauge("memory_file_bytes", "Memory that caches files.", ({ memory }) => memory.fileBytes),
  gauge("memory_kernel_bytes", "Memory of the kernel for it.", ({ memory }) => memory.kernelBytes),
  gauge("memory_swap_bytes", "What of it is in swap.", ({ memory }) => memory.swapBytes),
  counter("oom_kills_total", "Processes killed for want of memory.", ({ memory }) => memory.oomKills),
  counter("read_bytes_total", "Bytes read from disks.", ({ io }) => io.readBytes),
  counter("write_bytes_total", "Bytes written to disks.", ({ io }) => io.writeBytes),
  counter("read_operations_total", "Reads from disks.", ({ io }) => io.readOperations),
  counter("write_operations_total", "Writes to disks.", ({ io }) => io.writeOperations),
  gauge("processes", "Tasks: processes and their threads.", ({ pids }) => pids.current),
  gauge("processes_limit", "Tasks that it may have.", ({ pids }) => pids.limit),
  counter("network_received_bytes_total", "Bytes received.", ({ network }) => network?.receivedBytes),
  counter("network_sent_bytes_total", "Bytes sent.", ({ network }) => network?.sentBytes),
  counter("network_received_packets_total", "Packets received.", ({ network }) => network?.receivedPackets),
  counter("network_sent_packets_total", "Packets sent.", ({ network }) => network?.sentPackets),
  gauge(
    "pressure_cpu_percent",
    "Time over 10 s in which a task waited for a processor.",
    ({ pressure }) => pressure.cpu?.some,
  ),
  gauge("pressure_memory_percent", "The same for memory.", ({ pressure }) => pressure.memory?.some),
  gauge("pressure_io_percent", "The same for disks.", ({ pressure }) => pressure.io?.some),
];

/** What the machine and its containers use, in Prometheus' text format, version 0.0.4. */
export async function readMetrics(context: WebContext): Promise<Response> {
  const [snapshot, containers] = await Promise.all([readAllStats(context), listAll(context)]);
  const images = new Map(containers.map(({ id, image }) => [id, image]));
  const samples = snapshot.containers.map((of) => ({
    of,
    labels: { name: of.name, id: of.containerId, image: images.get(of.containerId) ?? "" },
  }));
  const states = ContainerState.options.map((state) => ({
    of: containers.filter((container) => container.state === state).length,
    labels: { state },
  }));
  const text = [
    ...hostMetrics.map((metric) => format(metric, [{ of: snapshot.host, labels: {} }])),
    format({ name: "containers", type: "gauge", help: "Containers by their state.", value: (count) => count }, states),
    ...containerMetrics.map((metric) => format(metric, samples)),
  ].join("");
  return new Response(text, {
    headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8", "cache-control": "no-store" },
  });
}

async function listAll({ workerSocket }: WebContext): Promise<Container[]> {
  return Container.array().parse(await callWorker(workerSocket, "GET", "/containers", undefined, { timeoutMs: 5_000 }));
}

/** A metric with all its lines; nothing when it has no value at all. */
export function format<T>(metric: Metric<T>, samples: readonly { of: T; labels: Labels }[]): string {
  const name = `minirun_${metric.name}`;
  const lines = samples.flatMap(({ of, labels }) => {
    const value = metric.value(of);
    return value === null || value === undefined ? [] : [`${name}${formatLabels(labels)} ${value}\n`];
  });
  return lines.length === 0 ? "" : `# HELP ${name} ${metric.help}\n# TYPE ${name} ${metric.type}\n${lines.join("")}`;
}

function formatLabels(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length > 0 ? `{${pairs.join(",")}}` : "";
}

function escapeLabel(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
}
