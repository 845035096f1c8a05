import type { Container } from "@/lib/contract/container.ts";
import type { Problem } from "@/lib/contract/problem.ts";
import type { Trace, TraceStep } from "@/lib/contract/trace.ts";
import { compareTraces } from "@/lib/contract/trace-compare.ts";
import { settingOf, type TracedSetting } from "@/lib/contract/trace-settings.ts";
import { failedStepOf, meaningOf, type StepMeaning, type TraceGroup } from "@/lib/contract/trace-steps.ts";

/** A step as the timeline shows it. */
export interface TraceRow {
  /** From 1, in the order in which the steps began. */
  number: number;
  step: TraceStep;
  meaning: StepMeaning;
  /** The container's setting that it carries out. */
  setting: TracedSetting | null;
  /** The same step of the start that is shown beside this one: null where that had none, undefined where none is. */
  other?: TraceStep | null;
  /** Whether that one was given something else or came to something else. */
  differs: boolean;
}

/** Which rows are shown; what is null, empty or "all" shows every one. */
export interface TraceFilter {
  words: string;
  group: TraceGroup | null;
  side: "all" | "host" | "child";
  only: "all" | "slow" | "failed" | "differs";
  setting: TracedSetting | null;
}

export const everything: TraceFilter = { words: "", group: null, side: "all", only: "all", setting: null };

/** What takes at least this part of the whole start is slow. */
const slowPart = 0.04;

export function rowsOf(trace: Trace, { binds }: Pick<Container, "binds">, beside: Trace | null = null): TraceRow[] {
  const pairs = beside && new Map(compareTraces(beside, trace).map((pair) => [pair.after, pair]));
  return trace.steps.map((step, index) => ({
    number: index + 1,
    step,
    meaning: meaningOf(step),
    setting: settingOf(step, binds),
    ...(pairs && { other: pairs.get(step)?.before ?? null }),
    differs: pairs?.get(step)?.differs ?? false,
  }));
}

/** The rows that fit a filter; every word must stand somewhere in a row. */
export function filterRows(rows: readonly TraceRow[], filter: TraceFilter, totalNs: number): TraceRow[] {
  const words = filter.words.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter(({ step, meaning, setting, differs }) => {
    if (filter.group && meaning.group !== filter.group) return false;
    if (filter.side !== "all" && (step.side === "child") !== (filter.side === "child")) return false;
    if (filter.only === "slow" && step.durationNs < totalNs * slowPart) return false;
    if (filter.only === "failed" && step.errno === 0) return false;
    if (filter.only === "differs" && !differs) return false;
    if (filter.setting && setting !== filter.setting) return false;
    const { name, call, arguments: given, setting: pointer, errnoName } = step;
    const text = `${name} ${call} ${given} ${pointer ?? ""} ${errnoName ?? ""} ${meaning.says}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** The row in which a start failed, or, where all steps succeeded and the program then died, the one that explains it. */
export function failedRow(rows: readonly TraceRow[], problem: Problem | null): TraceRow | undefined {
  const failed = failedStepOf({ steps: rows.map(({ step }) => step) });
  if (failed || !problem) return rows.find(({ step }) => step === failed);
  const named = problem.code === "out-of-memory" ? "memory limit" : problem.cause?.step;
  return rows.findLast(({ step }) => step.name === named);
}

/** The part of a start that is drawn, in nanoseconds. */
export interface Span {
  from: number;
  to: number;
}

/** Nobody can tell apart what is nearer than this. */
const narrowest = 2_000;

/** A span that is `factor` times as long, with `at` where it was; within the start, and no shorter than 2 µs. */
export function zoom({ from, to }: Span, factor: number, at: number, totalNs: number): Span {
  const length = Math.min(Math.max((to - from) * factor, narrowest), totalNs);
  return clamped(at - ((at - from) / Math.max(to - from, 1)) * length, length, totalNs);
}

/** The span moved by a part of its own length. */
export function pan({ from, to }: Span, part: number, totalNs: number): Span {
  return clamped(from + (to - from) * part, to - from, totalNs);
}

function clamped(from: number, length: number, totalNs: number): Span {
  const start = Math.min(Math.max(from, 0), Math.max(totalNs - length, 0));
  return { from: start, to: start + length };
}

/** Where a step lies in a span, in percent of it; null when it lies outside. */
export function place({ startNs, durationNs }: TraceStep, { from, to }: Span): { left: number; width: number } | null {
  const length = Math.max(to - from, 1);
  const left = Math.max(((startNs - from) / length) * 100, 0);
  const right = Math.min(((startNs + durationNs - from) / length) * 100, 100);
  return right < 0 || left > 100 || right < left ? null : { left, width: right - left };
}

/** Round moments for a ruler: from three to seven of them. */
export function ticks({ from, to }: Span): number[] {
  const length = to - from;
  if (length <= 0) return [];
  const power = 10 ** Math.floor(Math.log10(length / 3));
  const step = power * ([5, 2, 1].find((times) => length / (power * times) >= 3) ?? 1);
  const first = Math.ceil(from / step) * step;
  return Array.from({ length: Math.floor((to - first) / step) + 1 }, (_, index) => first + index * step);
}
