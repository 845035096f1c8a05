import type { OperationSummary } from "./operation.ts";

/** Whether an operation has ended, one way or the other. Without zod, for pages. */
export function isFinished({ state }: Pick<OperationSummary, "state">): boolean {
  return state === "succeeded" || state === "failed";
}
