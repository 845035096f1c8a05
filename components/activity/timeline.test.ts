import { expect, it } from "vitest";
import type { ContainerEvent } from "@/lib/contract/event.ts";
import type { OperationSummary } from "@/lib/contract/operation.ts";
import { exampleContainer } from "@/server/testing/example-container.ts";
import { timeline } from "./timeline.ts";
import { merge } from "./use-activity.ts";

const ended = exampleContainer({
  state: "exited",
  exitCode: 3,
  reason: "exited",
  finishedAt: "2026-01-01T00:00:05.000Z",
});
const operation = (id: string, second: number, state: OperationSummary["state"] = "succeeded"): OperationSummary => ({
  id,
  containerId: ended.id,
  containerName: ended.name,
  verb: "start",
  principal: "operator",
  generation: 1,
  state,
  requestedAt: `2026-01-01T00:00:0${second}.000Z`,
  startedAt: null,
  finishedAt: null,
  progress: null,
  problem: null,
});
const event: ContainerEvent = {
  id: "3f0d7a55-7a40-4c57-9d0e-00000000000e",
  action: "exited",
  at: "2026-01-01T00:00:05.000Z",
  container: ended,
};

it("puts operations and ends in one order, the newest first", () => {
  const entries = timeline(ended, [operation("b", 6), operation("a", 4)], []);
  expect(entries.map(({ id }) => id)).toEqual(["b", "last-end", "a"]);
  expect(entries[1]).toMatchObject({ title: "Exited with code 3", bad: true });
});

it("tells an end that was watched once, and no event that an operation tells of", () => {
  const started: ContainerEvent = { ...event, id: "3f0d7a55-7a40-4c57-9d0e-00000000000f", action: "started" };
  expect(timeline(ended, [], [event, started]).map(({ id }) => id)).toEqual([event.id]);
});

it("merges operations by id, and never back from finished", () => {
  const merged = merge([operation("a", 1)], [operation("a", 1, "running"), operation("b", 2, "running")]);
  expect(merged.map(({ id, state }) => [id, state])).toEqual([
    ["b", "running"],
    ["a", "succeeded"],
  ]);
});
