import { expect, it } from "vitest";
import type { OperationSummary } from "@/lib/contract/operation.ts";
import { describeOperation, describeProgress } from "./describe-operation.ts";

const operation = {
  containerId: "3f0d7a55-7a40-4c57-9d0e-000000000002",
  containerName: "web",
  verb: "delete",
  state: "running",
  progress: null,
} as OperationSummary;

it("says what goes on, what was done, and what could not be", () => {
  expect(describeOperation(operation)).toBe("Deleting web");
  expect(describeOperation({ ...operation, state: "succeeded" })).toBe("Deleted web");
  expect(describeOperation({ ...operation, state: "failed", containerName: null })).toBe("Could not delete 3f0d7a55");
});

it("says how far it is in the unit that it is counted in", () => {
  const progress = { step: "unpack the image", done: 1024 ** 2, total: 4 * 1024 ** 2, unit: "bytes" } as const;
  expect(describeProgress({ ...operation, progress })).toEqual({
    text: "unpack the image, 1 MiB of 4 MiB",
    value: 0.25,
  });
  expect(describeProgress({ ...operation, progress: { ...progress, total: null } }).value).toBeNull();
});
