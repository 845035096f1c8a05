export type SeriesColor = "series-1" | "series-2" | "series-3" | "series-4" | "bad" | "warn";

/** What a canvas needs of the design tokens, as they stand for the theme that is shown now. */
export interface ChartColors {
  token(name: string, opacity?: number): string;
  font: string;
}

/** Reads tokens by way of an element, since a canvas knows no custom properties. */
export function readChartColors(host: HTMLElement): ChartColors {
  const known = new Map<string, string>();
  const resolve = (value: string): string => {
    const probe = document.createElement("span");
    probe.style.color = value;
    host.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  };
  return {
    token(name, opacity = 1) {
      const value =
        opacity === 1 ? `var(--${name})` : `color-mix(in oklab, var(--${name}) ${opacity * 100}%, transparent)`;
      const color = known.get(value) ?? resolve(value);
      known.set(value, color);
      return color;
    },
    font: `11px ${getComputedStyle(host).fontFamily}`,
  };
}
