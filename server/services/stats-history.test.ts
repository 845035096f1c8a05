import { describe, expect, it } from "vitest";
import { historySeries } from "../../lib/contract/stats.ts";
import { toColumns } from "./stats-history.ts";

describe("a history's columns", () => {
  it("stand at even distances up to now, null where nothing is known", () => {
    const values = historySeries.map((_, index) => (index === 1 ? Number.NaN : index));
    const columns = toColumns("1d", 60, 600, 780, new Map([[720, values]]));
    expect(columns.at).toEqual([660, 720, 780]);
    expect(columns.series.cpuPercent).toEqual([null, 0, null]);
    expect(columns.series.throttledPercent).toEqual([null, null, null]);
    expect(columns.series.memoryBytes).toEqual([null, 2, null]);
    expect(Object.keys(columns.series)).toEqual([...historySeries]);
  });
});
