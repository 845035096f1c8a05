import { expect, it } from "vitest";
import type { StatsSample } from "@/lib/contract/stats.ts";
import { emptyColumns, fromHistory, joinColumns, measuredSpan, withSample } from "./columns.ts";
import { exampleSample } from "./testing/example-sample.ts";

const sampleAt = (second: number, readBytes = 0): StatsSample =>
  exampleSample({
    at: new Date(second * 1000).toISOString(),
    io: { readBytes, writeBytes: 0, readOperations: 0, writeOperations: 0 },
  });

it("makes rates of counters, and none across a new start", () => {
  const [one, two, three] = [sampleAt(1, 100), sampleAt(3, 300), sampleAt(4, 50)];
  let columns = withSample(emptyColumns(), one, null, 60);
  columns = withSample(columns, two, one, 60);
  columns = withSample(columns, three, two, 60);
  expect(columns.at).toEqual([1, 3, 4]);
  expect(columns.series.readBytesPerSecond).toEqual([null, 100, null]);
});

it("tells the share of periods that were throttled, and when something was measured", () => {
  const cpu = (periods: number, throttledPeriods: number) => ({ ...exampleSample().cpu, periods, throttledPeriods });
  const one = exampleSample({ at: "2026-01-01T00:00:00.000Z", cpu: cpu(10, 2) });
  const two = exampleSample({ at: "2026-01-01T00:00:01.000Z", cpu: cpu(20, 7) });
  const columns = withSample(withSample(emptyColumns(), one, null, 60), two, one, 60);
  expect(columns.series.throttledPercent).toEqual([null, 50]);
  expect(measuredSpan(columns)).toEqual({ first: Date.parse(one.at) / 1000, last: Date.parse(two.at) / 1000 });
  expect(measuredSpan(emptyColumns())).toBeNull();
});

it("shows a pause as a gap, forgets what is old, and takes no sample twice", () => {
  let columns = withSample(emptyColumns(), sampleAt(1), null, 10);
  columns = withSample(columns, sampleAt(6), null, 10);
  expect(columns.at).toEqual([1, 2, 6]);
  expect(columns.series.cpuPercent).toEqual([12, null, 12]);
  expect(withSample(columns, sampleAt(6), null, 10)).toBe(columns);
  expect(withSample(columns, sampleAt(13), null, 10).at).toEqual([6, 7, 13]);
});

it("puts live points behind the history, each moment once", () => {
  const series = { ...emptyColumns().series, cpuPercent: [5, null, 7] };
  const history = fromHistory({ range: "15m", stepSeconds: 1, at: [1, 2, 3], series });
  const joined = joinColumns(history, withSample(emptyColumns(), sampleAt(3), null, 10));
  expect(joined.at).toEqual([1, 2, 3]);
  expect(joined.series.cpuPercent).toEqual([5, null, 12]);
  expect(joinColumns(history, emptyColumns())).toBe(history);
});

it("takes from the history what nobody looked at meanwhile", () => {
  const series = { ...emptyColumns().series, cpuPercent: [1, 2, 3, 4] };
  const history = fromHistory({ range: "15m", stepSeconds: 10, at: [10, 20, 30, 40], series });
  let live = withSample(emptyColumns(), sampleAt(11), null, 60);
  live = withSample(live, sampleAt(35), null, 60);
  const joined = joinColumns(history, live);
  expect(joined.at).toEqual([10, 11, 12, 20, 30, 35]);
  expect(joined.series.cpuPercent).toEqual([1, 12, null, 2, 3, 12]);
});
