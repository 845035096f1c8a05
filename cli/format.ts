export { formatBytes } from "../lib/format-bytes.ts";

const multipliers: Record<string, number> = { "": 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

/** Bytes from what a person types, as Docker takes it: 64m, 1.5g, 4096, 512MiB. Null when it is no size. */
export function parseBytes(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?$/i.exec(text.trim());
  if (!match) return null;
  return Math.round(Number(match[1]) * (multipliers[(match[2] ?? "").toLowerCase()] ?? 1));
}

const steps = [
  { limit: 60, size: 1, unit: "s" },
  { limit: 3600, size: 60, unit: "min" },
  { limit: 2 * 86_400, size: 3600, unit: "h" },
  { limit: Number.POSITIVE_INFINITY, size: 86_400, unit: "d" },
];

/** How long ago a moment was: 5 s, 3 min, 7 h, 4 d; a dash when there was none. */
export function formatAge(moment: string | null, now: number = Date.now()): string {
  if (!moment) return "-";
  const seconds = Math.max(0, Math.floor((now - Date.parse(moment)) / 1000));
  const step = steps.find(({ limit }) => seconds < limit) ?? { size: 1, unit: "s" };
  return `${Math.floor(seconds / step.size)} ${step.unit}`;
}

/** Nanoseconds as microseconds with one digit: 134.2. */
export function formatMicroseconds(nanoseconds: number): string {
  return (nanoseconds / 1000).toFixed(1);
}
