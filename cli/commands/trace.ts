import type { Command } from "commander";
import type { Trace, TraceStep } from "../../lib/contract/trace.ts";
import { addExamples } from "../examples.ts";
import { formatMicroseconds } from "../format.ts";
import { printJson } from "../output.ts";
import { type Style, styleFor } from "../style.ts";
import { formatTable } from "../table.ts";
import { targetOf } from "../target.ts";

const barWidth = 16;
const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

export function registerTrace(program: Command): void {
  const command = program
    .command("trace")
    .summary("show the kernel calls that started a container")
    .description(
      "Shows the steps of a container's last start: what the kernel was asked, on which side of the clone, how long it took, and which setting of the bundle's config.json caused it.",
    )
    .argument("<name>", "name or id")
    .option("--json", "print JSON")
    .action(async (name: string, options: { json?: boolean }, command: Command) => {
      const trace = await targetOf(command).client.call("getTrace", { params: { name } });
      if (options.json) printJson(trace);
      else console.log(describeTrace(trace, styleFor(process.stdout), process.stdout.columns));
    });
  addExamples(command, "./minirun trace web", "./minirun trace --json web");
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
