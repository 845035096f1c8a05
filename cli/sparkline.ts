const bars = "▁▂▃▄▅▆▇█";

/**
 * Values as a line of bars, `width` at most, the tallest of their maximum; each bar is the greatest of the values that
 * fall on it, and a blank where there is none.
 */
export function sparkline(values: readonly (number | null)[], width: number): string {
  const size = Math.min(width, values.length);
  const cells = Array.from({ length: size }, (_, cell) => {
    const [from, to] = [cell, cell + 1].map((edge) => Math.floor((edge * values.length) / size));
    const known = values.slice(from, to).filter((value) => value !== null);
    return known.length > 0 ? Math.max(...known) : null;
  });
  const top = Math.max(...cells.map((value) => value ?? 0));
  return cells
    .map((value) => {
      if (value === null) return " ";
      return bars[top > 0 ? Math.min(Math.floor((value / top) * bars.length), bars.length - 1) : 0];
    })
    .join("");
}
