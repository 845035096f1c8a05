import type { TraceStep } from "./trace.ts";
import { programRules } from "./trace-rules/program.ts";
import { type StepMeaning, type TraceGroup, traceGroups } from "./trace-rules/rule.ts";
import { worldRules } from "./trace-rules/world.ts";

export { type StepMeaning, type TraceGroup, traceGroups } from "./trace-rules/rule.ts";

/** Every step that native/core plans, and those of an end, which the shim goes through. */
const rules = [...worldRules, ...programRules];

const exact = new Map(rules.filter(({ step }) => !step.endsWith(" ")).map((rule) => [rule.step, rule]));
const prefixes = rules.filter(({ step }) => step.endsWith(" "));

/** What a step is about. One that is not known, a rarer limit or from another version, has no sentence. */
export function meaningOf({ name, call, setting }: Pick<TraceStep, "name" | "call" | "setting">): StepMeaning {
  const rule = exact.get(name) ?? prefixes.find(({ step }) => name.startsWith(step));
  const manual = rule?.manual ?? `${/^\w+/.exec(call)?.[0] ?? call}(2)`;
  if (!rule) return { group: setting?.startsWith("/linux/resources/") ? "cgroups" : "process", says: "", manual };
  return { group: rule.group, says: rule.says.replace("{}", name.slice(rule.step.length)), manual };
}

/** Whether a step's meaning is written down. */
export function isKnownStep(name: string): boolean {
  return exact.has(name) || prefixes.some(({ step }) => name.startsWith(step));
}

/** What a start's time went into: nanoseconds and steps by group, those without a step left out. */
export function shapeOf(steps: readonly TraceStep[]): { group: TraceGroup; ns: number; steps: number }[] {
  return traceGroups
    .map(({ id }) => {
      const own = steps.filter((step) => meaningOf(step).group === id);
      return { group: id, ns: own.reduce((sum, { durationNs }) => sum + durationNs, 0), steps: own.length };
    })
    .filter(({ steps }) => steps > 0);
}

/**
 * The step that failed, or none. Where the child fails, the host's step that waits for it fails as well, and may have
 * begun before it or after it: the child's is the one.
 */
export function failedStepOf({ steps }: { steps: readonly TraceStep[] }): TraceStep | undefined {
  const failed = steps.filter(({ errno }) => errno !== 0);
  return failed.find(({ side }) => side !== "host") ?? failed[0];
}
