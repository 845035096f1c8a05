import type { Container } from "../lib/contract/container.ts";
import { formatAge } from "./format.ts";
import type { Style } from "./style.ts";

/** A container's state with what matters about it: `running 5 min`, `exited (137, out of memory) 3 s`. */
export function describeState(container: Container, style: Style): string {
  const { state, startedAt, finishedAt } = container;
  switch (state) {
    case "running":
      return `${style.green(state)} ${formatAge(startedAt)}`;
    case "exited": {
      const paint = container.exitCode === 0 ? style.dim : style.red;
      return `${paint(`exited (${describeExit(container)})`)} ${formatAge(finishedAt)}`;
    }
    case "paused":
      return `${style.cyan(state)} ${formatAge(startedAt)}`;
    case "restarting":
      return `${style.yellow(`restarting (${describeExit(container)})`)} ${formatAge(finishedAt)}`;
    case "lost":
      return `${style.red(`lost (${describeExit(container)})`)} ${formatAge(finishedAt)}`;
    default:
      return container.problem ? `${state} ${style.red("(failed)")}` : style.yellow(state);
  }
}

/** How a container ended, in words: `0`, `1`, `137, out of memory`, `143, SIGTERM`. */
export function describeExit({
  exitCode,
  signal,
  reason,
}: {
  exitCode: number | null;
  signal: string | null;
  reason: string | null;
}): string {
  const cause = reason === null || reason === "exited" || reason === "signaled" ? signal : reason.replaceAll("-", " ");
  return [exitCode, cause].filter((part) => part !== null).join(", ");
}
