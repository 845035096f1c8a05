import type { SeriesColor } from "./chart-colors.ts";

export type Unit = "bytes" | "rate" | "percent" | "count";

export interface ChartSeries {
  label: string;
  color: SeriesColor;
  values: (number | null)[];
  /** Drawn as a thin line without a surface below it. */
  line?: true;
}

/** A moment that explains what the lines do: a start, an end, a kill. */
export interface ChartMark {
  at: number;
  label: string;
  tone: "bad" | "quiet";
}

/** A stretch of time, from and to in seconds since 1970. */
export interface ChartSpan {
  from: number;
  to: number;
  label: string;
}

/** What a chart shows. `from` and `to` bound its time, in seconds since 1970. */
export interface ChartModel {
  unit: Unit;
  at: number[];
  series: ChartSeries[];
  /** Series lie on top of each other. */
  stacked?: boolean;
  limit?: { value: number; label: string } | null;
  marks: ChartMark[];
  spans: ChartSpan[];
  from: number;
  to: number;
}

/** The columns that are drawn: values, or for stacked series the sums of a series and those below it. */
export function drawnColumns({ at, series, stacked }: ChartModel): [number[], ...(number | null)[][]] {
  if (!stacked) return [at, ...series.map(({ values }) => values)];
  const sums: (number | null)[][] = [];
  for (const { values } of series.filter(({ line }) => !line)) {
    const below = sums.at(-1);
    sums.push(values.map((value, index) => (value === null ? null : value + (below?.[index] ?? 0))));
  }
  let next = 0;
  return [at, ...series.map(({ line, values }) => (line ? values : (sums[next++] ?? values)))];
}

/** The top of the value axis: room above the highest value, and the limit when the values come near it. */
export function valueTop(highest: number, { unit, limit }: Pick<ChartModel, "unit" | "limit">): number {
  const least = { bytes: 1024 * 1024, rate: 1024, percent: 1, count: 4 }[unit];
  const top = Math.max(highest * 1.15, least);
  const near = limit && highest > limit.value * 0.2;
  return near ? Math.max(top, limit.value * 1.1) : top;
}

/** Lowest, mean, highest and latest of what is there; null where nothing is. */
export function summarize(values: readonly (number | null)[]) {
  const there = values.filter((value) => value !== null);
  const last = there.at(-1);
  if (last === undefined) return null;
  const sum = there.reduce((total, value) => total + value, 0);
  return { latest: last, mean: sum / there.length, highest: there.reduce((a, b) => Math.max(a, b)) };
}
