import type { Container } from "@/lib/contract/container.ts";
import type { OperationSummary } from "@/lib/contract/operation.ts";

/** A program that is sent a signal may take this long to end of it. */
const graceMs = 10_000;

/**
 * Whether someone stopped or killed a container in its last run, so that its exit code says nothing bad of it:
 * whether a stop or a kill of `operations` was under way, or just over, when it ended.
 */
export function endedOnPurpose(container: Container, operations: readonly OperationSummary[]): boolean {
  const { id, state, reason, finishedAt } = container;
  if (state !== "exited" || reason === "out-of-memory" || finishedAt === null) return false;
  const end = Date.parse(finishedAt);
  return operations.some(
    (one) =>
      one.containerId === id &&
      (one.verb === "stop" || one.verb === "kill") &&
      one.state !== "failed" &&
      Date.parse(one.requestedAt) <= end &&
      (one.finishedAt === null || end <= Date.parse(one.finishedAt) + graceMs),
  );
}
