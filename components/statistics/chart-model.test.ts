import { expect, it } from "vitest";
import { type ChartModel, drawnColumns, summarize, valueTop } from "./chart-model.ts";

const model = (change: Partial<ChartModel>): ChartModel => ({
  unit: "bytes",
  at: [1, 2],
  series: [
    { label: "a", color: "series-1", values: [1, null] },
    { label: "total", color: "series-4", values: [9, 9], line: true },
    { label: "b", color: "series-2", values: [2, 3] },
  ],
  marks: [],
  spans: [],
  from: 0,
  to: 2,
  ...change,
});

it("stacks surfaces and leaves lines and gaps as they are", () => {
  expect(drawnColumns(model({ stacked: true }))).toEqual([
    [1, 2],
    [1, null],
    [9, 9],
    [3, 3],
  ]);
  expect(drawnColumns(model({}))[3]).toEqual([2, 3]);
});

it("shows the limit only where values come near it", () => {
  const limit = { value: 100, label: "limit" };
  expect(valueTop(50, { unit: "percent", limit })).toBeCloseTo(110);
  expect(valueTop(10, { unit: "percent", limit })).toBeCloseTo(11.5);
  expect(valueTop(0, { unit: "count" })).toBe(4);
});

it("sums up what is there", () => {
  expect(summarize([1, null, 3])).toEqual({ latest: 3, mean: 2, highest: 3 });
  expect(summarize([null])).toBeNull();
});
