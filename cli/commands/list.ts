import type { Command } from "commander";
import type { Client } from "../../lib/client/api.ts";
import { formatCommand } from "../../lib/contract/command.ts";
import { type Container, ListContainers } from "../../lib/contract/container.ts";
import { parseOrFail } from "../../lib/contract/problem.ts";
import { describeState } from "../describe-state.ts";
import { formatAge, formatBytes } from "../format.ts";
import { printJson } from "../output.ts";
import { type Style, styleFor } from "../style.ts";
import { formatTable } from "../table.ts";
import { targetOf } from "../target.ts";

interface ListOptions {
  state?: string;
  search?: string;
  sort?: string;
  quiet?: boolean;
  json?: boolean;
}

export function registerList(program: Command): void {
  program
    .command("list")
    .aliases(["ls", "ps"])
    .summary("list containers")
    .description("Lists all containers, the youngest first.")
    .option("--state <state>", "only those that are created, starting, running, stopping, exited or lost")
    .option("--search <text>", "only those with this in name, image or command")
    .option("--sort <key>", "name, createdAt or state; with - in front from the other end")
    .option("-q, --quiet", "print names alone")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  ./minirun list\n  ./minirun ps --state running --json\n  ./minirun rm -f $(./minirun ls -q)",
    )
    .action(async ({ state, search, sort, quiet, json }: ListOptions, command: Command) => {
      const given = Object.entries({ state, search, sort }).filter(([, value]) => value !== undefined);
      const query = parseOrFail(ListContainers, { ...Object.fromEntries(given), limit: 500 });
      const containers = await readAll(targetOf(command).client, query);
      if (json) printJson(containers);
      else if (quiet) for (const { name } of containers) console.log(name);
      else console.log(describe(containers, styleFor(process.stdout)));
    });
}

async function readAll(client: Client, query: ListContainers): Promise<Container[]> {
  const containers: Container[] = [];
  for (let cursor: string | undefined, first = true; first || cursor; first = false) {
    const page = await client.call("listContainers", { query: { ...query, cursor } });
    containers.push(...page.items);
    cursor = page.next ?? undefined;
  }
  return containers;
}

function describe(containers: Container[], style: Style): string {
  if (containers.length === 0) return "No containers. Make one: ./minirun create web && ./minirun start --attach web";
  const rows = containers.map((container) => [
    style.bold(container.name),
    describeState(container, style),
    shorten(formatCommand(container.command), 40),
    container.image,
    formatBytes(container.limits.memoryBytes),
    String(container.limits.cpus),
    String(container.limits.pids),
    formatAge(container.createdAt),
  ]);
  const headings = ["NAME", "STATE", "COMMAND", "IMAGE", "MEMORY", "CPUS", "PIDS", "AGE"];
  return formatTable(headings, rows, style, { right: [4, 5, 6, 7] });
}

function shorten(text: string, length: number): string {
  const harmless = text.replace(/\p{Cc}/gu, "�");
  return harmless.length > length ? `${harmless.slice(0, length - 1)}…` : harmless;
}
