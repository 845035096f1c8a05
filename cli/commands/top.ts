import { type Command, Option } from "commander";
import { formatCommand } from "../../lib/contract/command.ts";
import type { ProcessInfo, ProcessList } from "../../lib/contract/stats.ts";
import { addExamples } from "../examples.ts";
import { formatAge, formatBytes } from "../format.ts";
import { jsonOption } from "../options.ts";
import { printJson } from "../output.ts";
import { type Column, tableOf } from "../print-table.ts";
import { styleFor } from "../style.ts";
import { targetOf } from "../target.ts";
import { harmless, shorten } from "../text.ts";

type SortKey = "pid" | "cpu" | "memory" | "name";

export function registerTop(program: Command): void {
  const command = program
    .command("top")
    .summary("list the processes of a container")
    .description("Lists the processes of a running container, each with its number in the container and on the host.")
    .argument("<name>", "name or id")
    .addOption(new Option("--sort <key>", "order").choices(["pid", "cpu", "memory", "name"]).default("pid"))
    .option("--no-trunc", "whole command lines")
    .addOption(jsonOption())
    .action(async (name: string, options: { sort: SortKey; trunc: boolean; json?: boolean }, command: Command) => {
      const list = await targetOf(command).client.call("listProcesses", { params: { name } });
      const items = list.items.toSorted(orders[options.sort]);
      if (options.json) printJson({ ...list, items });
      else print({ ...list, items }, options.trunc);
    });
  addExamples(command, "./minirun top web", "./minirun top --sort memory --json web");
}

const orders: Record<SortKey, (a: ProcessInfo, b: ProcessInfo) => number> = {
  pid: (a, b) => a.pid - b.pid,
  cpu: (a, b) => b.cpuSeconds - a.cpuSeconds,
  memory: (a, b) => b.memoryBytes - a.memoryBytes,
  name: (a, b) => (a.name < b.name ? -1 : 1),
};

function columns(short: boolean): Column<ProcessInfo>[] {
  const command = ({ command, name }: ProcessInfo) => (command.length > 0 ? formatCommand(command) : `[${name}]`);
  return [
    { heading: "PID", right: true, cell: ({ pid }) => String(pid) },
    { heading: "PARENT", right: true, cell: ({ parentPid }) => String(parentPid) },
    { heading: "HOST PID", right: true, cell: ({ hostPid }) => String(hostPid) },
    { heading: "USER", cell: ({ user, uid }) => harmless(user ?? String(uid)) },
    { heading: "STATE", cell: ({ state }) => harmless(state) },
    { heading: "CPU s", right: true, cell: ({ cpuSeconds }) => cpuSeconds.toFixed(2) },
    { heading: "MEMORY", right: true, cell: ({ memoryBytes }) => formatBytes(memoryBytes) },
    { heading: "THREADS", right: true, cell: ({ threads }) => String(threads) },
    { heading: "AGE", right: true, cell: ({ startedAt }) => formatAge(startedAt) },
    { heading: "COMMAND", cell: (info) => (short ? shorten(command(info), 60) : harmless(command(info))) },
  ];
}

function print({ items, total }: ProcessList, short: boolean): void {
  console.log(tableOf(columns(short), items, styleFor(process.stdout)));
  if (total > items.length) console.log(`… and ${total - items.length} more`);
}
