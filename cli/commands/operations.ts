import { type Command, Option } from "commander";
import { OperationState, type OperationSummary, Verb } from "../../lib/contract/operation.ts";
import { ProblemError } from "../../lib/contract/problem.ts";
import { defined } from "../container-options.ts";
import { describeError, ExitCode } from "../errors.ts";
import { addExamples } from "../examples.ts";
import { formatAge, formatBytes } from "../format.ts";
import { jsonOption, readCount, readSeconds } from "../options.ts";
import { printJson } from "../output.ts";
import { type Column, printRows, tableOf } from "../print-table.ts";
import { styleFor } from "../style.ts";
import { targetOf } from "../target.ts";
import { harmless, shorten } from "../text.ts";

interface OperationsOptions {
  container?: string;
  state?: OperationState;
  verb?: Verb;
  last: number;
  wait: number;
  json?: boolean;
}

export function registerOperations(program: Command): void {
  const command = program
    .command("operations")
    .summary("list what was asked for, and what became of it")
    .description(
      "Lists operations, the newest first; or shows one, by its id, whose failure is then exit code 1. An operation is a request to change a container: who asked, when, how far it is.",
    )
    .argument("[id]", "the id of one")
    .option("--container <name>", "only of this container, by name or id")
    .addOption(new Option("--state <state>", "only those").choices(OperationState.options))
    .addOption(new Option("--verb <verb>", "only those").choices(Verb.options))
    .option("-n, --last <number>", "at most this many, up to 200", readCount, 50)
    .option("--wait <seconds>", "of one: wait until it is finished, at most this long, up to 60", readSeconds, 0)
    .addOption(jsonOption())
    .action(async (id: string | undefined, options: OperationsOptions, command: Command) => {
      const { client } = targetOf(command);
      if (id !== undefined) {
        const operation = await client.call("getOperation", { params: { id }, query: { waitSeconds: options.wait } });
        return show(operation, options.json);
      }
      const { container, state, verb, last: limit } = options;
      const { items } = await client.call("listOperations", { query: defined({ container, state, verb, limit }) });
      printRows(items, columns, { json: options.json, empty: "No operations." });
    });
  addExamples(
    command,
    "./minirun operations",
    "./minirun operations --container web --state failed",
    "./minirun operations --verb start --last 5 --json",
  );
}

const columns: Column<OperationSummary>[] = [
  { heading: "ID", cell: ({ id }) => id },
  { heading: "CONTAINER", cell: ({ containerName, containerId }) => harmless(containerName ?? containerId) },
  { heading: "VERB", cell: ({ verb }) => verb },
  {
    heading: "STATE",
    cell: (operation, style) => (operation.problem ? style.red : style.green)(progressOf(operation)),
  },
  { heading: "BY", cell: ({ principal }) => harmless(principal) },
  { heading: "AGE", right: true, cell: ({ requestedAt }) => formatAge(requestedAt) },
  { heading: "TOOK ms", right: true, cell: tookOf },
  { heading: "PROBLEM", cell: ({ problem }) => (problem ? shorten(problem.title, 60) : "") },
];

function progressOf({ state, progress }: OperationSummary): string {
  if (!progress || state !== "running") return state;
  const { step, done, total, unit } = progress;
  const amount = (value: number) => (unit === "bytes" ? formatBytes(value) : `${value} ${unit}`);
  return `${state}: ${step}, ${amount(done)}${total === null ? "" : ` of ${amount(total)}`}`;
}

function tookOf({ startedAt, finishedAt }: OperationSummary): string {
  return startedAt && finishedAt ? String(Date.parse(finishedAt) - Date.parse(startedAt)) : "-";
}

function show(operation: OperationSummary, json: boolean | undefined): void {
  if (json) printJson(operation);
  else {
    console.log(tableOf(columns, [operation], styleFor(process.stdout)));
    if (operation.problem) console.log(describeError(new ProblemError(operation.problem), styleFor(process.stdout)));
  }
  if (operation.state === "failed") process.exitCode = ExitCode.failure;
}
