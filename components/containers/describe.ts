import type { Container, ContainerState } from "@/lib/contract/container.ts";
import { formatBytes, formatSpan } from "../format.ts";

/** How good a state is: what colour it gets. */
export type Tone = "ok" | "busy" | "idle" | "bad";

type Ending = Pick<Container, "state" | "exitCode" | "reason" | "signal" | "limits" | "oomKills">;

/** The word and the tone of a container's state, as its badge shows them. */
export function describeState({ state, exitCode, reason, problem }: Container): { label: string; tone: Tone } {
  switch (state) {
    case "running":
      return { label: "Running", tone: "ok" };
    case "starting":
      return { label: "Starting", tone: "busy" };
    case "paused":
      return { label: "Paused", tone: "idle" };
    case "restarting":
      return { label: "Restarting", tone: "busy" };
    case "stopping":
      return { label: "Stopping", tone: "busy" };
    case "lost":
      return { label: "Lost", tone: "bad" };
    case "created":
      return problem ? { label: "Failed to start", tone: "bad" } : { label: "Created", tone: "idle" };
    case "exited":
      if (reason === "out-of-memory") return { label: "Out of memory", tone: "bad" };
      return exitCode === 0 || exitCode === null
        ? { label: "Exited", tone: "idle" }
        : { label: `Exited (${exitCode})`, tone: "bad" };
  }
}

/** What the state means in a few words: since when it runs, or how long ago it ended. */
export function describeSince(container: Container, now: number): string {
  const { state, createdAt, startedAt, finishedAt, nextStartAt } = container;
  if ((state === "running" || state === "paused") && startedAt) return `up ${formatSpan(startedAt, now)}`;
  if (state === "restarting" && nextStartAt) {
    return Date.parse(nextStartAt) > now ? `again in ${formatSpan(now, nextStartAt)}` : "any moment";
  }
  if ((state === "exited" || state === "lost") && finishedAt) return `${formatSpan(finishedAt, now)} ago`;
  if (state === "created") return `created ${formatSpan(createdAt, now)} ago`;
  return "";
}

/** How a container ended, in a sentence, with what to know about it. Null while it has not. */
export function describeEnding(container: Ending): { title: string; detail: string } | null {
  const { state, exitCode, reason, signal, limits, oomKills } = container;
  if (state !== "exited" && state !== "lost") return null;
  switch (reason) {
    case "out-of-memory":
      return {
        title: "Out of memory",
        detail: `It needed more than its limit of ${formatBytes(limits.memoryBytes)}; the kernel killed ${oomKills === 1 ? "a process" : `${oomKills} processes`} of it.`,
      };
    case "shim-died":
      return { title: "Lost", detail: "The process that looked after it died, so everything in it was killed." };
    case "host-rebooted":
      return { title: "Lost", detail: "The machine was restarted while it ran." };
    case "signaled":
      return { title: `Killed by ${signal ?? "a signal"}`, detail: `Its exit code is ${exitCode}.` };
    default:
      if (exitCode === null) return { title: "Ended", detail: "How it ended was not seen here." };
      return exitCode === 0
        ? { title: "Exited", detail: "Its program ended by itself, with code 0." }
        : { title: `Exited with code ${exitCode}`, detail: exitCodeMeaning(exitCode) };
  }
}

function exitCodeMeaning(code: number | null): string {
  if (code === 126) return "By custom: the command was found but could not be executed.";
  if (code === 127) return "By custom: the command was not found.";
  return "Its program ended by itself and reported a failure.";
}

/** Whether the last thing that is known of it is a failure: of a start, of its program, or of its keeper. */
export function hasFailed(container: Container): boolean {
  return describeState(container).tone === "bad";
}

/** Whether it may be started, stopped, or have a terminal now. */
export function isRunning({ state }: { state: ContainerState }): boolean {
  return state === "running" || state === "paused" || state === "stopping";
}
