import { formatCommand } from "@/lib/contract/command.ts";
import { type TraceKind, type TraceSummary, traceKind } from "@/lib/contract/trace.ts";
import { formatDuration, formatMoment } from "../format.ts";

/** How the page's address names a trace: none is the last start, `end` the last end, else an operation or a session. */
export function refOf({ operationId, sessionId }: TraceSummary): string {
  return operationId ?? `${session}${sessionId}`;
}

const session = "session:";
export const sessionOf = (ref: string): string | null => (ref.startsWith(session) ? ref.slice(session.length) : null);

export function kindOf(ref: string | null, traces: readonly TraceSummary[]): TraceKind {
  if (ref === null) return "start";
  if (ref === "end") return "end";
  if (sessionOf(ref) !== null) return "exec";
  const summary = traces.find((one) => refOf(one) === ref);
  return summary ? traceKind(summary) : "start";
}

/** What each kind is called. */
export const kindWords: Record<TraceKind, { region: string; whole: string; child: string; byItself: string }> = {
  start: {
    region: "Start trace",
    whole: "Whole start",
    child: "in the container's first process",
    byItself: "MiniRun itself, for every container",
  },
  end: {
    region: "End trace",
    whole: "Whole end",
    child: "in the container's first process",
    byItself: "MiniRun itself, or who stopped or signalled it",
  },
  exec: {
    region: "Command trace",
    whole: "Whole command",
    child: "in the command's process",
    byItself: "MiniRun itself, for every command",
  },
};

/** A trace as a choice among others. */
export function choiceOf(summary: TraceSummary): { value: string; label: string } {
  const { startedAt, totalNs, failedStep, verb, command } = summary;
  const when = formatMoment(startedAt, { year: false });
  const what = command ? shorten(formatCommand(command)) : verb.charAt(0).toUpperCase() + verb.slice(1);
  const result = failedStep === null ? formatDuration(totalNs) : `failed at ${failedStep}`;
  return { value: refOf(summary), label: `${what} · ${when} · ${result}` };
}

const longest = 24;
const shorten = (text: string) => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text);
