import type { Command } from "commander";
import type { Client } from "../../lib/client/api.ts";
import type { StatsSample } from "../../lib/contract/stats.ts";
import { addExamples } from "../examples.ts";
import { interruption } from "../interruption.ts";
import { openLiveScreen } from "../live-screen.ts";
import { printJson, printJsonLine } from "../output.ts";
import { tableOf } from "../print-table.ts";
import { statsColumns, statsCsvHeader, statsCsvLine } from "../stats-columns.ts";
import { styleFor } from "../style.ts";
import { targetOf } from "../target.ts";
import { watchStats } from "../watch-stats.ts";

interface StatsOptions {
  stream: boolean;
  json?: boolean;
  csv?: boolean;
}

export function registerStats(program: Command): void {
  const command = program
    .command("stats")
    .summary("show what containers use, live")
    .description(
      "Shows once a second what the running containers use, until Ctrl-C. 100 % of CPU is one core; memory is of its limit.",
    )
    .argument("[name...]", "names or ids; all that run when left out")
    .option("--no-stream", "print once and end")
    .option("--json", "print JSON: an array once, or a line for each sample")
    .option("--csv", "print comma-separated values")
    .action(async (names: string[], options: StatsOptions, command: Command) => {
      const { client } = targetOf(command);
      if (options.stream) await watch(client, names, options);
      else printOnce(await readOnce(client, names), options);
    });
  addExamples(
    command,
    "./minirun stats",
    "./minirun stats --no-stream web",
    "./minirun stats --no-stream --json",
    "./minirun stats --csv web > usage.csv",
  );
}

/** The samples of the containers named, or of all that run; one that is named and does not run is an error. */
async function readOnce(client: Client, names: string[]): Promise<StatsSample[]> {
  if (names.length === 0) return (await client.call("getAllStats")).containers;
  return Promise.all(names.map((name) => client.call("getStats", { params: { name } })));
}

function printOnce(samples: StatsSample[], { json, csv }: StatsOptions): void {
  if (json) printJson(samples);
  else if (csv) console.log([statsCsvHeader, ...samples.map(statsCsvLine)].join("\n"));
  else console.log(tableOf(statsColumns, samples, styleFor(process.stdout)));
}

async function watch(client: Client, names: string[], { json, csv }: StatsOptions): Promise<void> {
  const ids = await idsOf(client, names);
  const screen = json || csv ? null : openLiveScreen(process.stdout);
  if (csv) console.log(statsCsvHeader);
  const style = styleFor(process.stdout);
  const onLost = () => screen?.draw(style.yellow("MiniRun does not answer; trying again"));
  for await (const { containers } of watchStats(client, { signal: interruption(), onLost })) {
    const samples = ids ? containers.filter(({ containerId }) => ids.has(containerId)) : containers;
    if (json) for (const sample of samples) await printJsonLine(sample);
    else if (csv) for (const sample of samples) console.log(statsCsvLine(sample));
    else screen?.draw(tableOf(statsColumns, samples, style));
  }
  screen?.close();
}

/** Ids, which stay when a container is renamed while it is watched; null for no names: all. */
export async function idsOf(client: Client, names: readonly string[]): Promise<Set<string> | null> {
  if (names.length === 0) return null;
  const containers = await Promise.all(names.map((name) => client.call("getContainer", { params: { name } })));
  return new Set(containers.map(({ id }) => id));
}
