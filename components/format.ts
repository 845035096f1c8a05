import { formatBytes } from "@/lib/format-bytes.ts";

export { formatBytes };

/** Bytes a second: 1.5 KiB/s. */
export function formatRate(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond)}/s`;
}

/** Percent with a digit more where it matters: 0.4 %, 12 %. */
export function formatPercent(percent: number): string {
  return `${Number(percent.toFixed(Math.abs(percent) < 9.95 ? 1 : 0))} %`;
}

const steps = [
  { below: 60, size: 1, unit: "s" },
  { below: 3600, size: 60, unit: "min" },
  { below: 2 * 86_400, size: 3600, unit: "h" },
  { below: Number.POSITIVE_INFINITY, size: 86_400, unit: "d" },
];

/** How long it is from one moment to another: 5 s, 3 min, 7 h, 4 d. Moments are RFC 3339 or Unix milliseconds. */
export function formatSpan(from: string | number, to: string | number): string {
  const seconds = Math.max(0, Math.floor((milliseconds(to) - milliseconds(from)) / 1000));
  const step = steps.find(({ below }) => seconds < below) ?? { size: 1, unit: "s" };
  return `${Math.floor(seconds / step.size)} ${step.unit}`;
}

/** A moment as a clock on the wall has it: 29 Nov 2026 12:52:05, or without the year. */
export function formatMoment(at: string, { year = true } = {}): string {
  const date = new Date(at);
  const day = date.toLocaleDateString("en-GB", { day: "numeric", month: "short", ...(year && { year: "numeric" }) });
  return `${day} ${date.toLocaleTimeString("en-GB")}`;
}

function milliseconds(moment: string | number): number {
  return typeof moment === "number" ? moment : Date.parse(moment);
}

/** Nanoseconds more or less: +640 ns, −1.2 s. */
export function formatChange(nanoseconds: number): string {
  return `${nanoseconds < 0 ? "−" : "+"}${formatDuration(Math.abs(nanoseconds))}`;
}

/** Nanoseconds in the unit that reads best: 640 ns, 13.2 µs, 2.71 ms, 1.2 s. */
export function formatDuration(nanoseconds: number): string {
  if (nanoseconds < 1_000) return `${nanoseconds} ns`;
  if (nanoseconds < 1_000_000) return `${digits(nanoseconds / 1_000)} µs`;
  if (nanoseconds < 1_000_000_000) return `${digits(nanoseconds / 1_000_000)} ms`;
  return `${digits(nanoseconds / 1_000_000_000)} s`;
}

function digits(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value.toFixed(value >= 10 ? 1 : 2);
}

/** `1 process`, `2 processes`. */
export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
}
