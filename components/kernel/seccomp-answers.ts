import type { SeccompAction, SeccompCall } from "@/lib/contract/kernel.ts";

export type Verdict = "allowed" | "refused" | "depends";

/** What a filter's answer means for a program. */
export function verdictOf({ answers }: SeccompCall): Verdict {
  const passes = answers.map(({ action }) => action === "allow" || action === "log" || action === "trace");
  if (passes.every(Boolean)) return "allowed";
  return passes.some(Boolean) || answers.length > 1 ? "depends" : "refused";
}

/** An answer in a few words: "EPERM", "killed". */
function describeAction({ action, errno }: SeccompAction): string {
  switch (action) {
    case "allow":
      return "allowed";
    case "errno":
      return errno ?? "fails";
    case "kill-process":
      return "kills the process";
    case "kill-thread":
      return "kills the thread";
    case "trap":
      return "SIGSYS";
    case "log":
      return "allowed, logged";
    case "trace":
      return "asks a tracer";
    case "notify":
      return "asks another process";
  }
}

const ordinals = ["first", "second", "third", "fourth", "fifth", "sixth"];

/** "EPERM", or of one that depends: "allowed or EPERM, by its first argument". */
export function describeCall({ answers, arguments: looked }: SeccompCall): string {
  const words = answers.map(describeAction).join(" or ");
  if (looked.length === 0) return words;
  const which = looked.map((index) => ordinals[index] ?? String(index)).join(" and ");
  return `${words}, by its ${which} argument${looked.length > 1 ? "s" : ""}`;
}

/** The calls with a verdict whose name or number contains a text. */
export function findCalls(calls: readonly SeccompCall[], verdict: Verdict | "all", text: string): SeccompCall[] {
  const wanted = text.trim().toLowerCase();
  return calls.filter(
    (call) =>
      (verdict === "all" || verdictOf(call) === verdict) &&
      (wanted === "" || call.name.includes(wanted) || String(call.number) === wanted),
  );
}
