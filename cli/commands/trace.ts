import { type Command, Option } from "commander";
import type { Client } from "../../lib/client/api.ts";
import { type Trace, type TraceSummary, traceKind } from "../../lib/contract/trace.ts";
import { changedSettings, changedShape, compareTraces } from "../../lib/contract/trace-compare.ts";
import { commandCell, describeComparison, describeTrace } from "../describe-trace.ts";
import { CliError } from "../errors.ts";
import { addExamples } from "../examples.ts";
import { formatMicroseconds } from "../format.ts";
import { jsonOption } from "../options.ts";
import { printJson } from "../output.ts";
import { type Column, printRows } from "../print-table.ts";
import { styleFor } from "../style.ts";
import { targetOf } from "../target.ts";

interface TraceOptions {
  list?: boolean;
  end?: boolean;
  operation?: string;
  session?: string;
  compare?: string;
  json?: boolean;
}

export function registerTrace(program: Command): void {
  const command = program
    .command("trace")
    .summary("show the kernel calls that started or ended a container")
    .description(
      "Shows the steps of a container's last start, or of an earlier one, of its end, or of a further command in it: what the kernel was asked, on which side of the clone, how long it took, and which setting of the bundle's config.json caused it.",
    )
    .argument("<name>", "name or id")
    .addOption(
      new Option("--list", "list the traces that are kept").conflicts(["operation", "session", "end", "compare"]),
    )
    .option("--end", "how it came to its end: signals, waiting, what was taken away")
    .addOption(
      new Option("--operation <id>", "the start or the end that this operation was").conflicts(["session", "end"]),
    )
    .option("--session <id>", "the further command of this session")
    .option("--compare <id>", "set beside the trace of this operation or session; previous: the one before")
    .addOption(jsonOption())
    .action(async (name: string, options: TraceOptions, command: Command) => {
      const { client } = targetOf(command);
      if (options.list) {
        const { items } = await client.call("listTraces", { params: { name } });
        return printRows(items, columns, { json: options.json, empty: "No traces: it was never started." });
      }
      const trace = await chosenTrace(client, name, options);
      const before = options.compare && (await traceToCompare(client, name, options, trace));
      if (before) return printComparison(client, name, before, trace, options);
      if (options.json) printJson(trace);
      else console.log(describeTrace(trace, styleFor(process.stdout), process.stdout.columns));
    });
  addExamples(
    command,
    "./minirun trace web",
    "./minirun trace --json web",
    "./minirun trace --list web",
    "./minirun trace --compare previous web",
    "./minirun trace --end web",
  );
}

function chosenTrace(client: Client, name: string, { operation, session, end }: TraceOptions): Promise<Trace> {
  const query = { of: end ? "end" : "start" } as const;
  if (session !== undefined) return client.call("getSessionTrace", { params: { name, id: session }, query });
  if (operation !== undefined) return client.call("getOperationTrace", { params: { id: operation } });
  return client.call("getTrace", { params: { name }, query });
}

/** Throws CliError when there is none before the one that is shown. */
async function traceToCompare(
  client: Client,
  name: string,
  { compare, session, operation, end }: TraceOptions,
  shown: Trace,
): Promise<Trace> {
  const { items } = await client.call("listTraces", { params: { name } });
  const itself = items.find((one) => operation !== undefined && one.operationId === operation);
  const kind = session !== undefined ? "exec" : itself ? traceKind(itself) : end ? "end" : "start";
  const isBefore = (one: TraceSummary) =>
    traceKind(one) === kind && one.sessionId !== session && Date.parse(one.startedAt) < Date.parse(shown.startedAt);
  const other = items.find((one) =>
    compare === "previous" ? isBefore(one) : one.operationId === compare || one.sessionId === compare,
  );
  if (other?.sessionId) return chosenTrace(client, name, { session: other.sessionId, ...(end && { end }) });
  if (other?.operationId) return chosenTrace(client, name, { operation: other.operationId });
  if (compare !== undefined && compare !== "previous") return chosenTrace(client, name, { operation: compare });
  const what = { start: "start", end: "end", exec: "command" }[kind];
  throw new CliError(`no earlier ${what} of ${JSON.stringify(name)} is kept to compare with`, {
    remedy: `Name one of \`./minirun trace --list ${name}\`.`,
  });
}

async function printComparison(
  client: Client,
  name: string,
  before: Trace,
  after: Trace,
  { json }: TraceOptions,
): Promise<void> {
  const { binds } = await client.call("getContainer", { params: { name } });
  if (!json) return console.log(describeComparison(before, after, binds, styleFor(process.stdout)));
  const steps = compareTraces(before, after);
  printJson({
    beforeNs: before.totalNs,
    afterNs: after.totalNs,
    groups: changedShape(before, after),
    settings: changedSettings(steps, binds),
    steps,
  });
}

const columns: Column<TraceSummary>[] = [
  { heading: "OPERATION OR SESSION", cell: ({ operationId, sessionId }) => operationId ?? sessionId ?? "-" },
  { heading: "VERB", cell: ({ verb }) => verb },
  { heading: "BEGAN", cell: ({ startedAt }) => startedAt },
  { heading: "TOOK µs", right: true, cell: ({ totalNs }) => formatMicroseconds(totalNs) },
  { heading: "STEPS", right: true, cell: ({ steps }) => String(steps) },
  { heading: "FAILED AT", cell: ({ failedStep }) => failedStep ?? "-" },
  { heading: "COMMAND", cell: ({ command }) => commandCell(command) },
];
