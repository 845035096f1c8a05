import { type Command, InvalidArgumentError, Option } from "commander";
import type { Client } from "../../lib/client/api.ts";
import type { HostStats, StatsSample, StatsSnapshot } from "../../lib/contract/stats.ts";
import { ExitCode } from "../errors.ts";
import { addExamples } from "../examples.ts";
import { formatBytes } from "../format.ts";
import { interruption } from "../interruption.ts";
import { openLiveScreen } from "../live-screen.ts";
import { readCount, readNumber, readSeconds } from "../options.ts";
import { printJsonLine, write } from "../output.ts";
import { tableOf } from "../print-table.ts";
import { monitorColumns, statsCsvHeader, statsCsvLine } from "../stats-columns.ts";
import { type Style, styleFor } from "../style.ts";
import { targetOf } from "../target.ts";
import { passedThresholds, type Thresholds } from "../thresholds.ts";
import { watchStats } from "../watch-stats.ts";
import { idsOf } from "./stats.ts";

interface MonitorOptions extends Thresholds {
  interval: number;
  count?: number;
  sort: "name" | "cpu" | "memory" | "pids";
  json?: boolean;
  csv?: boolean;
  prometheus?: boolean;
}

export function registerMonitor(program: Command): void {
  const command = program
    .command("monitor")
    .summary("watch the machine and its containers, with thresholds")
    .description(
      "Shows what the machine and its running containers use, until Ctrl-C, --count samples, or a threshold is passed: then it says which on standard error and ends with exit code 3.",
    )
    .argument("[name...]", "names or ids; all that run when left out")
    .option("-i, --interval <seconds>", "time between two samples, at least 1", readInterval, 1)
    .option("-c, --count <samples>", "end after this many", readCount)
    .addOption(
      new Option("--sort <key>", "order of the table").choices(["name", "cpu", "memory", "pids"]).default("name"),
    )
    .option("--max-cpu <percent>", "the most of its CPU limit that a container may use", readNumber)
    .option("--max-memory <percent>", "the most of its memory limit that a container may use", readNumber)
    .option("--max-pids <percent>", "the most of its limit of processes that a container may use", readNumber)
    .addOption(
      new Option("--json", "a JSON line for each sample: time, host, containers").conflicts(["csv", "prometheus"]),
    )
    .addOption(new Option("--csv", "comma-separated values, a line for each container").conflicts("prometheus"))
    .option("--prometheus", "print the metrics once, in the text format of Prometheus, and end")
    .action(async (names: string[], options: MonitorOptions, command: Command) => {
      const { client } = targetOf(command);
      if (options.prometheus) await printMetrics(client);
      else await monitor(client, names, options);
    });
  addExamples(
    command,
    "./minirun monitor",
    "./minirun monitor --count 2 --interval 2 --json web",
    "./minirun monitor --csv --count 1",
    "./minirun monitor --count 2 --max-cpu 200 --max-memory 90 || echo 'too much'",
    "./minirun monitor --prometheus",
  );
}

function readInterval(text: string): number {
  const value = readSeconds(text);
  if (value < 1) throw new InvalidArgumentError("It must be at least 1 second: samples are made once a second.");
  return value;
}

async function printMetrics(client: Client): Promise<void> {
  await write(process.stdout, await (await client.open("getMetrics")).text());
}

async function monitor(client: Client, names: string[], options: MonitorOptions): Promise<void> {
  const ids = await idsOf(client, names);
  const show = presenter(options);
  const onLost = () => console.error("MiniRun does not answer; trying again");
  let [shown, next] = [0, 0];
  for await (const snapshot of watchStats(client, { signal: interruption(), onLost })) {
    // Samples come once a second, give or take: half of that is slack.
    if (Date.now() < next - 500) continue;
    next = Date.now() + options.interval * 1000;
    const wanted = ids ? snapshot.containers.filter(({ containerId }) => ids.has(containerId)) : snapshot.containers;
    const containers = wanted.toSorted(orders[options.sort]);
    await show.snapshot({ ...snapshot, containers });
    shown += 1;
    const passed = containers.flatMap((sample) => passedThresholds(sample, options));
    if (passed.length > 0) {
      show.close();
      console.error(passed.join("\n"));
      process.exitCode = ExitCode.threshold;
      return;
    }
    if (shown === options.count) break;
  }
  show.close();
}

const orders: Record<MonitorOptions["sort"], (a: StatsSample, b: StatsSample) => number> = {
  name: (a, b) => (a.name < b.name ? -1 : 1),
  cpu: (a, b) => (b.cpu.percent ?? 0) - (a.cpu.percent ?? 0),
  memory: (a, b) => (b.memory.currentBytes ?? 0) - (a.memory.currentBytes ?? 0),
  pids: (a, b) => (b.pids.current ?? 0) - (a.pids.current ?? 0),
};

interface Presenter {
  snapshot(snapshot: StatsSnapshot): Promise<void>;
  close(): void;
}

function presenter({ json, csv }: MonitorOptions): Presenter {
  if (json) return { snapshot: printJsonLine, close() {} };
  if (csv) {
    console.log(statsCsvHeader);
    return {
      snapshot: ({ containers }) =>
        write(process.stdout, containers.map((sample) => `${statsCsvLine(sample)}\n`).join("")),
      close() {},
    };
  }
  const screen = openLiveScreen(process.stdout);
  const style = styleFor(process.stdout);
  return {
    async snapshot({ at, host, containers }) {
      screen.draw(`${describeHost(at, host, style)}\n\n${tableOf(monitorColumns, containers, style)}`);
    },
    close: screen.close,
  };
}

function describeHost(at: string, host: HostStats, style: Style): string {
  const memory = formatBytes(host.memoryBytes - host.memoryAvailableBytes);
  const disk = formatBytes(host.diskBytes - host.diskFreeBytes);
  const cpu = host.cpuPercent === null ? "-" : `${host.cpuPercent.toFixed(1)} %`;
  return [
    style.dim(at),
    `cpu ${style.bold(cpu)} of ${host.cores} cores, load ${host.load.map((each) => each.toFixed(2)).join(" ")}`,
    `memory ${style.bold(memory)} of ${formatBytes(host.memoryBytes)}`,
    `disk ${style.bold(disk)} of ${formatBytes(host.diskBytes)}`,
  ].join("   ");
}
