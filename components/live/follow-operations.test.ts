import { beforeEach, expect, it, vi } from "vitest";
import { followOperations } from "./follow-operations.ts";
import { exampleOperation } from "./testing/operation.ts";
import { stubPage, type TestPage } from "./testing/page.ts";

let page: TestPage;

beforeEach(() => {
  page = stubPage();
  vi.stubGlobal("fetch", () => new Promise(() => {}));
  return page.restore;
});

it("counts each of many ends once, in whatever order they come, and answers in the order of the request", async () => {
  const numbers = Array.from({ length: 120 }, (_, index) => index);
  const counts: number[] = [];
  const ends = followOperations(
    numbers.map((number) => exampleOperation(number, "queued")),
    (done) => counts.push(done),
  );
  for (const number of numbers.toReversed()) {
    page.sources[0]?.say(exampleOperation(number, "running"), "operation");
    page.sources[0]?.say(exampleOperation(number, "succeeded"), "operation");
  }
  expect((await ends).map(({ generation }) => generation)).toEqual(numbers);
  expect(counts).toEqual(numbers.map((number) => number + 1));
});
