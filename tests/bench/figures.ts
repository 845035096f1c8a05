/** The value below which that part of the samples lies. */
export function quantile(samples: readonly number[], part: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

/** A row of a table of times, from samples in milliseconds. */
export function timeRow(samples: readonly number[]): Record<string, string | number> {
  return {
    "median ms": quantile(samples, 0.5).toFixed(2),
    "p95 ms": quantile(samples, 0.95).toFixed(2),
    rounds: samples.length,
  };
}
