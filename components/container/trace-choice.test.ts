import { expect, it } from "vitest";
import type { TraceSummary } from "@/lib/contract/trace.ts";
import { choiceOf, kindOf, refOf, sessionOf } from "./trace-choice.ts";

const stop: TraceSummary = {
  ...{ operationId: "0f8fad5b-d9cb-469f-a165-70867728950e", sessionId: null, verb: "stop", command: null },
  ...{ principal: "local", startedAt: "2026-01-01T00:00:00Z", totalNs: 10_000_000, steps: 7, failedStep: null },
};
const exec: TraceSummary = {
  ...stop,
  ...{ operationId: null, sessionId: "7c9e6679-7425-40de-944b-e07fc1f90ae7", verb: "exec" },
  ...{ command: ["sh", "-c", "echo a very long command line"], failedStep: "find program" },
};

it("names each trace in the address so that its kind is known again", () => {
  const all = [stop, exec];
  expect([null, "end", refOf(stop), refOf(exec)].map((ref) => kindOf(ref, all))).toEqual([
    "start",
    "end",
    "end",
    "exec",
  ]);
  expect(sessionOf(refOf(exec))).toBe(exec.sessionId);
  expect(sessionOf(refOf(stop))).toBe(null);
});

it("tells what it was, and how long it took or where it failed", () => {
  expect(choiceOf(stop).label).toMatch(/^Stop · .* · 10(\.0)? ms$/);
  expect(choiceOf(exec).label).toMatch(/^sh -c 'echo a very lon.*… · .* · failed at find program$/);
});
