import type { OperationSummary } from "@/lib/contract/operation.ts";

/** An operation with an id of its own; a higher number was asked for later. */
export const exampleOperation = (number: number, state: OperationSummary["state"]): OperationSummary => ({
  id: `3f0d7a55-7a40-4c57-9d0e-${String(number).padStart(12, "0")}`,
  containerId: "3f0d7a55-7a40-4c57-9d0e-000000000002",
  containerName: "web",
  verb: "start",
  principal: "operator",
  generation: number,
  state,
  requestedAt: new Date(Date.UTC(2026, 0, 1, 0, 0, number)).toISOString(),
  startedAt: null,
  finishedAt: null,
  progress: null,
  problem: null,
});
