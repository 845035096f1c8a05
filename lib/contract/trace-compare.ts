import type { Trace, TraceStep } from "./trace.ts";
import { settingOf, type TracedSetting } from "./trace-settings.ts";
import { shapeOf, type TraceGroup, traceGroups } from "./trace-steps.ts";

/** A step of two starts; null where one has it alone. */
export interface StepPair {
  before: TraceStep | null;
  after: TraceStep | null;
  /** Whether they were asked for something else, came to something else, or one is missing. */
  differs: boolean;
}

/**
 * The steps of two starts beside each other, in the order of the later one; what only the earlier one has stands behind
 * the step that it followed. Steps match by name, the second of a name with the second.
 */
export function compareTraces(before: Trace, after: Trace): StepPair[] {
  const waiting = new Map<string, TraceStep[]>();
  for (const step of before.steps) waiting.set(step.name, [...(waiting.get(step.name) ?? []), step]);
  const partners = after.steps.map((step) => waiting.get(step.name)?.shift() ?? null);
  const left = new Set([...waiting.values()].flat());

  const pairs: StepPair[] = [];
  const takeLeft = (from: number) => {
    for (let at = from; at < before.steps.length; at += 1) {
      const step = before.steps[at];
      if (!step || !left.delete(step)) return;
      pairs.push({ before: step, after: null, differs: true });
    }
  };
  takeLeft(0);
  after.steps.forEach((step, index) => {
    const partner = partners[index] ?? null;
    pairs.push({ before: partner, after: step, differs: !partner || isDifferent(partner, step) });
    if (partner) takeLeft(before.steps.indexOf(partner) + 1);
  });
  for (const step of left) pairs.push({ before: step, after: null, differs: true });
  return pairs;
}

/** Durations aside, and the numbers of processes: no two starts have the same. */
function isDifferent(one: TraceStep, other: TraceStep): boolean {
  const given = (step: TraceStep) => step.arguments.replace(/\bprocess( group)? \d+/g, "process$1");
  return one.call !== other.call || given(one) !== given(other) || one.errno !== other.errno;
}

/** A setting that two starts carried out differently, in what their steps were given; null where one had none. */
export interface ChangedSetting {
  /** The container's setting, where it is one; the pointer leads into config.json. */
  setting: TracedSetting | null;
  pointer: string | null;
  before: string | null;
  after: string | null;
}

/** The settings that differ, each once, in the order in which the starts came to them. */
export function changedSettings(pairs: readonly StepPair[], binds: readonly { target: string }[]): ChangedSetting[] {
  const changed = new Map<string, ChangedSetting>();
  for (const { before, after, differs } of pairs) {
    const step = after ?? before;
    if (!differs || !step || compiledOnce.has(step.name) || before?.arguments === after?.arguments) continue;
    const setting = settingOf(step, binds);
    const key = setting === "binds" || !setting ? `${step.setting} ${step.name}` : setting;
    if ((!setting && !step.setting) || changed.has(key)) continue;
    changed.set(key, {
      ...{ setting, pointer: step.setting },
      ...{ before: before?.arguments ?? null, after: after?.arguments ?? null },
    });
  }
  return [...changed.values()];
}

/** Steps that say where they had something from: the first start makes what the next ones find. */
const compiledOnce = new Set(["seccomp profile"]);

/** How much longer each part of a start took than in the one before, in nanoseconds; waiting is no work. */
export function changedShape(before: Trace, after: Trace): { group: TraceGroup; ns: number }[] {
  const [one, other] = [shapeOf(before.steps), shapeOf(after.steps)];
  const ns = (shape: typeof one, group: TraceGroup) => shape.find((part) => part.group === group)?.ns ?? 0;
  return traceGroups
    .filter(({ id }) => id !== "waiting" && [...one, ...other].some(({ group }) => group === id))
    .map(({ id }) => ({ group: id, ns: ns(other, id) - ns(one, id) }));
}
