import { formatBytes, formatPercent, formatRate } from "../format.ts";
import type { Unit } from "./chart-model.ts";

const formats: Record<Unit, (value: number) => string> = {
  bytes: formatBytes,
  rate: formatRate,
  percent: formatPercent,
  count: (value) => Math.round(value).toLocaleString("en-US"),
};

/** A value in its unit; a dash where there is none. */
export function formatValue(unit: Unit, value: number | null | undefined): string {
  return value == null ? "–" : formats[unit](value);
}

const two = (value: number) => String(value).padStart(2, "0");

/** A moment on a time axis whose ticks are `stepSeconds` apart: 14:05:30, 14:05, or 24 Nov. */
export function formatTick(at: number, stepSeconds: number): string {
  const date = new Date(at * 1000);
  if (stepSeconds >= 86_400) return date.toLocaleDateString("en-GB", { day: "numeric", month: "short" });
  const minutes = `${two(date.getHours())}:${two(date.getMinutes())}`;
  return stepSeconds < 60 ? `${minutes}:${two(date.getSeconds())}` : minutes;
}

/** A moment under the cursor, as exact as its chart is: 24 Nov 14:05, or 14:05:30. */
export function formatMoment(at: number, rangeSeconds: number): string {
  if (rangeSeconds <= 3600) return formatTick(at, 1);
  return `${formatTick(at, 86_400)} ${formatTick(at, 60)}`;
}

/** Distances that ticks may have: powers of two for bytes, so that they are whole KiB and MiB. */
export function tickSteps(unit: Unit): number[] {
  if (unit === "bytes" || unit === "rate") return Array.from({ length: 50 }, (_, power) => 2 ** power);
  const from = unit === "count" ? 0 : -1;
  return Array.from({ length: 10 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** (power + from))).flat();
}
