import type { AuditEntry, AuditResult } from "../../lib/contract/audit.ts";
import { Origin } from "../../lib/contract/audit.ts";
import type { OperationResult } from "../../lib/contract/operation.ts";
import type { Problem } from "../../lib/contract/problem.ts";
import type { Done } from "../state/record.ts";

const mostDetail = 1000;

/**
 * What the audit tells of an operation that has ended. It has the operation's id, so it is written once however often
 * the node tells of it. Without an origin it was asked for on the node: by its root, or by the worker itself.
 */
export function operationEntry({ operation }: Done, result: OperationResult, node: string): AuditEntry {
  const origin = Origin.safeParse(operation.origin).data ?? null;
  const { id, verb, principal, containerId, containerName, problem, finishedAt, requestedAt } = result;
  return {
    id,
    at: finishedAt ?? requestedAt,
    node,
    principal,
    name: origin?.name ?? null,
    credential: origin?.credential ?? null,
    action: verb,
    target: containerName,
    containerId,
    remote: origin?.remote ?? null,
    result: resultOf(problem),
    code: problem?.code ?? null,
    detail: problem ? problem.detail.slice(0, mostDetail) : null,
    requestId: origin?.requestId ?? null,
  };
}

/** Statuses of problems that kept something from being begun. */
const refusals: readonly number[] = [400, 401, 403, 404, 409, 412, 413, 415, 429];

function resultOf(problem: Pick<Problem, "status"> | null): AuditResult {
  if (!problem) return "succeeded";
  return refusals.includes(problem.status) ? "refused" : "failed";
}
