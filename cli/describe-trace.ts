import { formatCommand } from "../lib/contract/command.ts";
import type { Trace, TraceStep } from "../lib/contract/trace.ts";
import { type ChangedSetting, changedSettings, changedShape, compareTraces } from "../lib/contract/trace-compare.ts";
import { tracedSettings } from "../lib/contract/trace-settings.ts";
import { traceGroups } from "../lib/contract/trace-steps.ts";
import { formatMicroseconds } from "./format.ts";
import type { Style } from "./style.ts";
import { formatTable } from "./table.ts";
import { harmless } from "./text.ts";

const barWidth = 16;
const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** Two traces beside each other: what took longer, what came and what is gone; then totals, and settings that differ. */
export function describeComparison(
  before: Trace,
  after: Trace,
  binds: readonly { target: string }[],
  style: Style,
): string {
  const pairs = compareTraces(before, after);
  const rows = pairs.map(({ before: one, after: other, differs }) => {
    const step = other ?? one;
    const change = one && other ? signed(other.durationNs - one.durationNs) : other ? "new" : "gone";
    return [
      differs ? style.yellow(step?.name ?? "") : (step?.name ?? ""),
      one ? formatMicroseconds(one.durationNs) : "-",
      other ? formatMicroseconds(other.durationNs) : "-",
      change,
      differs ? harmless(`${one?.arguments ?? ""} → ${other?.arguments ?? ""}`) : "",
    ];
  });
  const shape = changedShape(before, after).map(({ group, ns }) => `${labelOf(group)} ${signed(ns)}`);
  const settings = changedSettings(pairs, binds).map((one) => `  ${describeSetting(one)}`);
  return [
    formatTable(["STEP", "BEFORE µs", "NOW µs", "CHANGE", "GIVEN"], rows, style, { right: [1, 2, 3] }),
    "",
    `${formatMicroseconds(before.totalNs)} µs before, ${formatMicroseconds(after.totalNs)} µs now: ${signed(after.totalNs - before.totalNs)} µs (${shape.join(", ")})`,
    ...(settings.length > 0 ? ["Settings that differ:", ...settings] : ["No setting differs."]),
  ].join("\n");
}

const labelOf = (group: string) => traceGroups.find(({ id }) => id === group)?.label.toLowerCase() ?? group;
const signed = (ns: number) => `${ns > 0 ? "+" : ""}${formatMicroseconds(ns)}`;

function describeSetting({ setting, pointer, before, after }: ChangedSetting): string {
  const name = setting ? tracedSettings[setting] : (pointer ?? "");
  return harmless(`${name}: ${before ?? "not there"} → ${after ?? "not there"}`);
}

/** A further command as one word of a table. */
export function commandCell(command: readonly string[] | null): string {
  return command ? harmless(formatCommand(command)) : "-";
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
    `${trace.steps.length} steps in ${formatMicroseconds(trace.totalNs)} µs; began ${trace.startedAt}`,
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
