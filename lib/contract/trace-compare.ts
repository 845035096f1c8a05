import type { Trace, TraceStep } from "./trace.ts";

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

/** Numbers that every start has others of, such as the own process's, make no difference. */
function isDifferent(one: TraceStep, other: TraceStep): boolean {
  return one.call !== other.call || one.arguments !== other.arguments || one.errno !== other.errno;
}
