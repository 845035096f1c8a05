import type { Command } from "commander";
import type { NodeInfo } from "../../lib/contract/health.ts";
import { addExamples } from "../examples.ts";
import { formatAge } from "../format.ts";
import { jsonOption } from "../options.ts";
import { type Column, printRows } from "../print-table.ts";
import { targetOf } from "../target.ts";
import { harmless } from "../text.ts";

export function registerNodes(program: Command): void {
  const command = program
    .command("nodes")
    .summary("list the machines that run containers")
    .description("Lists the machines that run containers.")
    .addOption(jsonOption())
    .action(async (options: { json?: boolean }, command: Command) => {
      const { items } = await targetOf(command).client.call("listNodes");
      printRows(items, columns, { json: options.json, empty: "No machine has a worker yet." });
    });
  addExamples(command, "./minirun nodes");
}

const columns: Column<NodeInfo>[] = [
  { heading: "NODE", cell: ({ id }, style) => style.bold(harmless(id)) },
  { heading: "HOST", cell: ({ hostname }) => harmless(hostname) },
  { heading: "KERNEL", cell: ({ kernel }) => harmless(kernel) },
  { heading: "CGROUP", cell: ({ cgroupVersion }) => (cgroupVersion === 0 ? "none" : `v${cgroupVersion}`) },
  { heading: "LAST SEEN", right: true, cell: ({ lastSeenAt }) => `${formatAge(lastSeenAt)} ago` },
];
