import type { Container } from "@/lib/contract/container.ts";
import type { ContainerEvent, EventAction } from "@/lib/contract/event.ts";
import type { OperationSummary } from "@/lib/contract/operation.ts";
import { describeEnding } from "../containers/describe.ts";

export type Entry =
  | { kind: "operation"; id: string; at: string; operation: OperationSummary }
  | { kind: "event"; id: string; at: string; title: string; detail: string; bad: boolean };

/** Events that no operation tells of. */
const told: readonly EventAction[] = ["exited", "lost", "restarting"];

/** Operations, and what happened by itself, the newest first. The container tells of its last end before we watched. */
export function timeline(
  container: Container,
  operations: readonly OperationSummary[],
  events: readonly ContainerEvent[],
): Entry[] {
  const happened = events.filter(({ action }) => told.includes(action)).map(fromEvent);
  const watched = events.some(({ container: { finishedAt } }) => finishedAt === container.finishedAt);
  const asked = operations.map((operation): Entry => {
    return { kind: "operation", id: operation.id, at: operation.requestedAt, operation };
  });
  const entries = [...asked, ...happened, ...(watched ? [] : lastEnd(container))];
  return entries.sort((a, b) => b.at.localeCompare(a.at));
}

function fromEvent({ id, action, at, container }: ContainerEvent): Entry {
  if (action === "restarting") {
    const detail = `Its policy, ${container.restart}, starts it again.`;
    return { kind: "event", id, at, title: "Ended, and waits for its next start", detail, bad: false };
  }
  return ending(id, at, container);
}

function lastEnd(container: Container): Entry[] {
  return container.finishedAt && describeEnding(container) ? [ending("last-end", container.finishedAt, container)] : [];
}

function ending(id: string, at: string, container: Container): Entry {
  const { title, detail } = describeEnding(container) ?? { title: "Ended", detail: "" };
  return { kind: "event", id, at, title, detail, bad: container.exitCode !== 0 };
}
