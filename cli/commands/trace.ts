import type { Command } from "commander";
import type { Trace, TraceStep, TraceSummary } from "../../lib/contract/trace.ts";
import { compareTraces } from "../../lib/contract/trace-compare.ts";
import { addExamples } from "../examples.ts";
import { formatMicroseconds } from "../format.ts";
import { jsonOption } from "../options.ts";
import { printJson } from "../output.ts";
import { type Column, tableOf } from "../print-table.ts";
import { type Style, styleFor } from "../style.ts";
import { formatTable } from "../table.ts";
import { targetOf } from "../target.ts";

const barWidth = 16;
const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

interface TraceOptions {
  list?: boolean;
  operation?: string;
  compare?: string;
  json?: boolean;
}

export function registerTrace(program: Command): void {
  const command = program
    .command("trace")
    .summary("show the kernel calls that started a container")
    .description(
      "Shows the steps of a container's last start, or of an earlier one: what the kernel was asked, on which side of the clone, how long it took, and which setting of the bundle's config.json caused it.",
    )
    .argument("<name>", "name or id")
    .option("--list", "list the starts whose traces are kept")
    .option("--operation <id>", "the start that this operation was, instead of the last one")
    .option("--compare <id>", "beside the start that this operation was, step by step")
    .addOption(jsonOption())
    .action(async (name: string, options: TraceOptions, command: Command) => {
      const { client } = targetOf(command);
      const style = styleFor(process.stdout);
      if (options.list) {
        const { items } = await client.call("listTraces", { params: { name } });
        if (options.json) printJson(items);
        else console.log(tableOf(startColumns, items, style));
        return;
      }
      const { operation, compare } = options;
      const trace = await (operation === undefined
        ? client.call("getTrace", { params: { name } })
        : client.call("getOperationTrace", { params: { id: operation } }));
      if (compare !== undefined) {
        const before = await client.call("getOperationTrace", { params: { id: compare } });
        if (options.json) printJson(compareTraces(before, trace));
        else console.log(describeComparison(before, trace, style));
      } else if (options.json) printJson(trace);
      else console.log(describeTrace(trace, style, process.stdout.columns));
    });
  addExamples(
    command,
    "./minirun trace web",
    "./minirun trace --json web",
    "./minirun trace --list web",
    "./minirun trace --compare 4b6f0c3e-7f43-4a0e-9d0a-2f9a5f1b7c11 web",
  );
}

const startColumns: Column<TraceSummary>[] = [
  { heading: "OPERATION", cell: ({ operationId }) => operationId },
  { heading: "VERB", cell: ({ verb }) => verb },
  { heading: "STARTED", cell: ({ startedAt }) => startedAt },
  { heading: "TOOK µs", right: true, cell: ({ totalNs }) => formatMicroseconds(totalNs) },
  { heading: "STEPS", right: true, cell: ({ steps }) => String(steps) },
  { heading: "FAILED AT", cell: ({ failedStep }) => failedStep ?? "-" },
];

/** Two starts beside each other: what took longer, what came and what is gone. */
function describeComparison(before: Trace, after: Trace, style: Style): string {
  const rows = compareTraces(before, after).map(({ before: one, after: other, differs }) => {
    const step = other ?? one;
    const change = one && other ? formatMicroseconds(other.durationNs - one.durationNs) : other ? "new" : "gone";
    return [
      differs ? style.yellow(step?.name ?? "") : (step?.name ?? ""),
      one ? formatMicroseconds(one.durationNs) : "-",
      other ? formatMicroseconds(other.durationNs) : "-",
      one && other && other.durationNs > one.durationNs ? `+${change}` : change,
      differs ? `${one?.arguments ?? ""} → ${other?.arguments ?? ""}` : "",
    ];
  });
  return [
    formatTable(["STEP", "BEFORE µs", "NOW µs", "CHANGE", "GIVEN"], rows, style, { right: [1, 2, 3] }),
    "",
    `${formatMicroseconds(before.totalNs)} µs before, ${formatMicroseconds(after.totalNs)} µs now`,
  ].join("\n");
}

/** The trace as a table; the bar shows where in the start a step lies, and how long it took. */
export function describeTrace(trace: Trace, style: Style, columns = 160): string {
  const argumentWidth = Math.max(24, Math.min(60, columns - 100));
  const rows = trace.steps.map((step) => {
    const paint = step.errno === 0 ? (text: string) => text : style.red;
    return [
      paint(step.name),
      step.side,
      formatMicroseconds(step.startNs),
      formatMicroseconds(step.durationNs),
      style.cyan(bar(step, trace.totalNs)),
      step.call + (step.errno === 0 ? "" : paint(` = ${step.errnoName ?? step.errno}`)),
      shorten(step.arguments, argumentWidth),
      style.dim(step.setting ?? ""),
    ];
  });
  const headings = ["STEP", "SIDE", "AT µs", "TOOK µs", "", "CALL", "ARGUMENTS", "SETTING"];
  return [
    formatTable(headings, rows, style, { right: [2, 3] }),
    "",
    `${trace.steps.length} steps in ${formatMicroseconds(trace.totalNs)} µs; started ${trace.startedAt}`,
  ].join("\n");
}

/** A bar of 16 cells that begins where the step begins; in eighths of a cell, at least one. */
function bar({ startNs, durationNs }: TraceStep, totalNs: number): string {
  const scale = (barWidth * 8) / Math.max(totalNs, 1);
  const start = Math.min(Math.floor((startNs * scale) / 8), barWidth - 1);
  const length = Math.max(1, Math.min(Math.round(durationNs * scale), (barWidth - start) * 8));
  const drawn = "█".repeat(Math.floor(length / 8)) + (eighths[length % 8] ?? "");
  return `${" ".repeat(start)}${drawn}`.padEnd(barWidth);
}

function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
