import { Container } from "../contract/container.ts";
import {
  OperationProgress,
  type OperationResult,
  OperationState,
  type OperationSummary,
  Verb,
} from "../contract/operation.ts";
import { Problem } from "../contract/problem.ts";
import type { Operation as OperationRow } from "./generated/client.ts";

/** A row of `operations` as the contract has it. */
export function toOperationResult(row: OperationRow): OperationResult {
  return { ...toOperationSummary(row), container: Container.nullable().parse(row.container) };
}

type SummaryRow = Omit<OperationRow, "container" | "trace" | "arguments" | "nodeId" | "idempotencyKey">;

/** The same as lists show it. */
export function toOperationSummary(row: SummaryRow): OperationSummary {
  return {
    id: row.id,
    containerId: row.containerId,
    containerName: row.containerName,
    verb: Verb.parse(row.verb),
    principal: row.principal,
    generation: row.generation,
    state: OperationState.parse(row.state),
    requestedAt: row.requestedAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
    progress: OperationProgress.nullable().parse(row.progress),
    problem: Problem.nullable().parse(row.problem),
  };
}
