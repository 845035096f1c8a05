import { expect, it } from "vitest";
import type { OperationSummary } from "@/lib/contract/operation.ts";
import { exampleContainer } from "@/server/testing/example-container.ts";
import { endedOnPurpose } from "./ended-on-purpose.ts";

const killed = exampleContainer({
  state: "exited",
  exitCode: 137,
  reason: "signaled",
  finishedAt: "2026-01-02T00:00:05.000Z",
});

function operation(verb: OperationSummary["verb"], asked: number, done: number | null): OperationSummary {
  const at = (second: number) => new Date(Date.UTC(2026, 0, 2, 0, 0, second)).toISOString();
  return {
    id: "3f0d7a55-7a40-4c57-9d0e-000000000009",
    containerId: killed.id,
    containerName: killed.name,
    verb,
    principal: "operator",
    generation: 2,
    state: done === null ? "running" : "succeeded",
    requestedAt: at(asked),
    startedAt: at(asked),
    finishedAt: done === null ? null : at(done),
    progress: null,
    problem: null,
  };
}

it("takes an end during a stop, or right after a kill, for what was wanted", () => {
  expect(endedOnPurpose(killed, [operation("stop", 0, 6)])).toBe(true);
  expect(endedOnPurpose(killed, [operation("stop", 0, null)])).toBe(true);
  expect(endedOnPurpose(killed, [operation("kill", 4, 4)])).toBe(true);
});

it("takes no other end for it", () => {
  expect(endedOnPurpose(killed, [])).toBe(false);
  expect(endedOnPurpose(killed, [operation("start", 0, 6)])).toBe(false);
  expect(endedOnPurpose(killed, [operation("stop", 20, 21)])).toBe(false);
  const later = { ...killed, finishedAt: "2026-01-02T01:00:00.000Z" };
  expect(endedOnPurpose(later, [operation("kill", 4, 4)])).toBe(false);
  expect(endedOnPurpose({ ...killed, reason: "out-of-memory" }, [operation("stop", 0, 6)])).toBe(false);
  expect(endedOnPurpose(killed, [{ ...operation("stop", 0, 6), state: "failed" }])).toBe(false);
  expect(endedOnPurpose(killed, [{ ...operation("stop", 0, 6), containerId: "another" }])).toBe(false);
});
