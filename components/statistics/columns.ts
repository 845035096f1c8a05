import { type HistorySeries, historySeries, type StatsHistory, type StatsSample } from "@/lib/contract/stats.ts";

/** Points in order of time, as uPlot takes them: `at` in seconds since 1970, a column for each series, null for gaps. */
export interface Columns {
  at: number[];
  series: Record<HistorySeries, (number | null)[]>;
}

/** Moments that lie further apart than two and a half of a stream's seconds have a gap between them. */
const gapSeconds = 2.5;

export function emptyColumns(): Columns {
  return fromSeries([], (): (number | null)[] => []);
}

/** A history as columns. */
export function fromHistory({ at, series }: StatsHistory): Columns {
  return fromSeries(at, (name) => series[name]);
}

/**
 * The columns with a live sample behind them, and without what is older than `keepSeconds`. A longer
 * pause becomes a gap.
 */
export function withSample(
  columns: Columns,
  sample: StatsSample,
  before: StatsSample | null,
  keepSeconds: number,
): Columns {
  const at = Date.parse(sample.at) / 1000;
  const last = columns.at.at(-1) ?? Number.NEGATIVE_INFINITY;
  if (at <= last) return columns;
  const gap = Number.isFinite(last) && at - last > gapSeconds ? [last + 1] : [];
  const first = firstFrom(columns.at, at - keepSeconds);
  const point = readPoint(sample, before);
  return fromSeries([...columns.at.slice(first), ...gap, at], (name) => [
    ...columns.series[name].slice(first),
    ...gap.map(() => null),
    point[name],
  ]);
}

/** The live columns, with what was kept elsewhere in front of them and in their gaps: while nobody looked, say. */
export function joinColumns(history: Columns, live: Columns): Columns {
  if (live.at.length === 0) return history;
  const rows = [
    ...history.at.flatMap((at, index) => (isMissing(live.at, at) ? [{ at, from: history, index }] : [])),
    ...live.at.map((at, index) => ({ at, from: live, index })),
  ].sort((one, other) => one.at - other.at);
  return fromSeries(
    rows.map(({ at }) => at),
    (name) => rows.map(({ from, index }) => from.series[name][index] ?? null),
  );
}

/** Whether nothing was measured live at a moment: it lies in front of the first one, or in a gap. */
function isMissing(at: readonly number[], moment: number): boolean {
  const next = firstFrom(at, moment);
  const [before, after] = [at[next - 1], at[next]];
  if (after === undefined || after === moment) return false;
  return before === undefined || after - before > gapSeconds;
}

/** When something was measured first and last, in seconds since 1970; null when nothing was. */
export function measuredSpan({ at, series }: Columns): { first: number; last: number } | null {
  const known = (_: number, index: number) => historySeries.some((name) => series[name][index] !== null);
  const first = at.find(known);
  const last = at.findLast(known);
  return first === undefined || last === undefined ? null : { first, last };
}

function fromSeries(at: number[], column: (name: HistorySeries) => (number | null)[]): Columns {
  const entries = historySeries.map((name) => [name, column(name)] as const);
  return { at, series: Object.fromEntries(entries) as Columns["series"] };
}

/** The index of the first moment that is not before `from`. */
function firstFrom(at: readonly number[], from: number): number {
  const index = at.findIndex((moment) => moment >= from);
  return index < 0 ? at.length : index;
}

function readPoint(sample: StatsSample, before: StatsSample | null): Record<HistorySeries, number | null> {
  const { cpu, memory, pids, io, network, pressure } = sample;
  const rate = (now: number | null | undefined, then: number | null | undefined) =>
    perSecond(sample, before, now, then);
  const periods = rate(cpu.periods, before?.cpu.periods);
  const throttled = rate(cpu.throttledPeriods, before?.cpu.throttledPeriods);
  return {
    cpuPercent: cpu.percent,
    throttledPercent: periods === null || throttled === null ? null : periods === 0 ? 0 : (throttled / periods) * 100,
    memoryBytes: memory.currentBytes,
    anonBytes: memory.anonBytes,
    fileBytes: memory.fileBytes,
    kernelBytes: memory.kernelBytes,
    pids: pids.current,
    readBytesPerSecond: rate(io.readBytes, before?.io.readBytes),
    writeBytesPerSecond: rate(io.writeBytes, before?.io.writeBytes),
    receivedBytesPerSecond: rate(network?.receivedBytes, before?.network?.receivedBytes),
    sentBytesPerSecond: rate(network?.sentBytes, before?.network?.sentBytes),
    cpuPressure: pressure.cpu?.some ?? null,
    memoryPressure: pressure.memory?.some ?? null,
    ioPressure: pressure.io?.some ?? null,
  };
}

/** The rate of a counter between two samples; null for the first, and where it began anew with another start. */
function perSecond(
  sample: StatsSample,
  before: StatsSample | null,
  now: number | null | undefined,
  then: number | null | undefined,
): number | null {
  if (!before || now == null || then == null || now < then) return null;
  const seconds = (Date.parse(sample.at) - Date.parse(before.at)) / 1000;
  return seconds > 0 ? (now - then) / seconds : null;
}
