import { type Command, Option } from "commander";
import type { HistoryQuery, StatsHistory } from "../../lib/contract/stats.ts";
import { addExamples } from "../examples.ts";
import { formatBytes } from "../format.ts";
import { jsonOption } from "../options.ts";
import { printJson } from "../output.ts";
import { type Column, tableOf } from "../print-table.ts";
import { sparkline } from "../sparkline.ts";
import { csvLine } from "../stats-columns.ts";
import { styleFor } from "../style.ts";
import { targetOf } from "../target.ts";

interface HistoryOptions extends HistoryQuery {
  csv?: boolean;
  json?: boolean;
}

export function registerHistory(program: Command): void {
  const command = program
    .command("history")
    .summary("show what a container has used")
    .description(
      "Shows what a container has used: the last 15 minutes in steps of a second, a day in steps of a minute, or 30 days in steps of 15 minutes.",
    )
    .argument("<name>", "name or id")
    .addOption(new Option("--range <range>", "how far back").choices(["15m", "1d", "30d"]).default("15m"))
    .option("--csv", "print comma-separated values, a line for each moment")
    .addOption(jsonOption())
    .action(async (name: string, { range, csv, json }: HistoryOptions, command: Command) => {
      const history = await targetOf(command).client.call("getStatsHistory", { params: { name }, query: { range } });
      if (json) printJson(history);
      else if (csv) printCsv(history);
      else console.log(tableOf(columns, rowsOf(history), styleFor(process.stdout)));
    });
  addExamples(command, "./minirun history web", "./minirun history --range 1d --csv web");
}

interface Row {
  name: string;
  values: (number | null)[];
}

function rowsOf({ series }: StatsHistory): Row[] {
  return Object.entries(series).map(([name, values]) => ({ name, values: values ?? [] }));
}

const figure = (name: string, value: number | undefined) => {
  if (value === undefined) return "-";
  if (/bytes/i.test(name)) return formatBytes(value) + (name.endsWith("PerSecond") ? "/s" : "");
  return Number(value.toFixed(1)).toString();
};
const known = (values: (number | null)[]) => values.filter((value) => value !== null);
const average = (values: number[]) =>
  values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : undefined;

const columns: Column<Row>[] = [
  { heading: "SERIES", cell: ({ name }) => name },
  { heading: "LAST", right: true, cell: ({ name, values }) => figure(name, known(values).at(-1)) },
  { heading: "AVERAGE", right: true, cell: ({ name, values }) => figure(name, average(known(values))) },
  {
    heading: "MOST",
    right: true,
    cell: ({ name, values }) => figure(name, known(values).length > 0 ? Math.max(...known(values)) : undefined),
  },
  { heading: "", cell: ({ values }) => sparkline(values.slice(values.findIndex((value) => value !== null)), 40) },
];

function printCsv(history: StatsHistory): void {
  const rows = rowsOf(history);
  console.log(csvLine(["at", ...rows.map(({ name }) => name)]));
  for (const [index, seconds] of history.at.entries()) {
    const values = rows.map(({ values }) => values[index] ?? null);
    console.log(csvLine([new Date(seconds * 1000).toISOString(), ...values]));
  }
}
