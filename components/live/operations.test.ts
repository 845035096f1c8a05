import { expect, it } from "vitest";
import { mergeOperations } from "./operations.ts";
import { exampleOperation as operation } from "./testing/operation.ts";

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
