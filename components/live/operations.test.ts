import { expect, it } from "vitest";
import type { OperationSummary } from "@/lib/contract/operation.ts";
import { mergeOperations } from "./operations.ts";

const operation = (number: number, state: OperationSummary["state"]): OperationSummary => ({
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

it("puts the newest first and takes each once", () => {
  const merged = mergeOperations([operation(1, "running")], [operation(2, "queued"), operation(1, "succeeded")]);
  expect(merged.map(({ generation, state }) => [generation, state])).toEqual([
    [2, "queued"],
    [1, "succeeded"],
  ]);
});

it("never goes back from an end", () => {
  expect(mergeOperations([operation(1, "failed")], [operation(1, "running")])[0]?.state).toBe("failed");
});

it("keeps fifty, and whatever still runs", () => {
  const many = Array.from({ length: 60 }, (_, index) => operation(index, index === 0 ? "running" : "succeeded"));
  const merged = mergeOperations([], many);
  expect(merged).toHaveLength(51);
  expect(merged.at(-1)?.state).toBe("running");
});
