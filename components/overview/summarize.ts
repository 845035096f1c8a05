import type { Container } from "@/lib/contract/container.ts";
import type { OperationSummary } from "@/lib/contract/operation.ts";
import { describeEnding, describeState, hasFailed, isRunning } from "../containers/describe.ts";
import { formatBytes } from "../format.ts";
import { endedOnPurpose } from "./ended-on-purpose.ts";

/** What running containers may use at most, all together. */
export function promised(containers: readonly Container[]): { memoryBytes: number; cpus: number; running: number } {
  const running = containers.filter(isRunning);
  const sum = (read: (container: Container) => number) => running.reduce((total, one) => total + read(one), 0);
  return {
    memoryBytes: sum(({ limits }) => limits.memoryBytes),
    cpus: sum(({ limits }) => limits.cpus),
    running: running.length,
  };
}

/** Those that failed, the latest first; not those that someone ended, as `operations` tell. */
export function latestFailures(
  containers: readonly Container[],
  operations: readonly OperationSummary[],
): readonly Container[] {
  const at = ({ finishedAt, createdAt }: Container) => finishedAt ?? createdAt;
  return containers
    .filter((container) => hasFailed(container) && !endedOnPurpose(container, operations))
    .sort((a, b) => at(b).localeCompare(at(a)));
}

/** Why a container failed, in a sentence. */
export function failureReason(container: Container): string {
  const ending = describeEnding(container);
  if (ending) return `${ending.title}. ${ending.detail}`;
  return container.problem?.detail ?? describeState(container).label;
}

export interface Suggestion {
  title: string;
  detail: string;
  href: string;
}

const most = 4;

/**
 * What a person might do next, the most pressing first. `failure` is the latest; `memoryBytes` is the machine's, null
 * while not known.
 */
export function suggestNext(
  containers: readonly Container[],
  failure: Container | undefined,
  memoryBytes: number | null,
): readonly Suggestion[] {
  const suggestions: Suggestion[] = [];
  if (failure?.reason === "out-of-memory") {
    suggestions.push({
      title: `Give ${failure.name} more memory`,
      detail: `It needed more than ${formatBytes(failure.limits.memoryBytes)} and was killed.`,
      href: `/containers/${failure.name}/edit`,
    });
  } else if (failure) {
    suggestions.push({
      title: `See why ${failure.name} failed`,
      detail: failure.problem?.remedy ?? "Its log has what it said last.",
      href: `/containers/${failure.name}?tab=${failure.problem ? "trace" : "logs"}`,
    });
  }
  const { memoryBytes: limits, running } = promised(containers);
  if (memoryBytes !== null && limits > memoryBytes) {
    suggestions.push({
      title: "Lower some memory limits",
      detail: `Running containers may use ${formatBytes(limits)} together; the machine has ${formatBytes(memoryBytes)}.`,
      href: "/containers?sort=-memory",
    });
  }
  const shell = containers.find((container) => container.state === "running" && container.tty);
  if (shell) {
    suggestions.push({
      title: `Open the terminal of ${shell.name}`,
      detail: "It goes on when you leave, and is as you left it when you come back.",
      href: `/containers/${shell.name}`,
    });
  }
  if (running === 0) {
    suggestions.push({ title: "Start a container", detail: "None runs now.", href: "/containers" });
  }
  suggestions.push({
    title: "Do it from a script",
    detail: "Each page's call, with its curl line, stands in the API reference.",
    href: "/reference",
  });
  return suggestions.slice(0, most);
}
