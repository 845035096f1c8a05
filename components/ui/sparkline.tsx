interface Props {
  /** Values in order of time, the latest last; it stands at the right edge. */
  values: readonly number[];
  /** How many values fill the width. */
  length: number;
  /** What stands at the top. */
  max: number;
  className?: string;
}

/** The last moments of something as a small curve. What it tells must be said in words beside it. */
export function Sparkline({ values, length, max, className }: Props) {
  const shown = values.slice(-length);
  const points = shown.map((value, index) => {
    const x = ((length - shown.length + index) / Math.max(length - 1, 1)) * 100;
    const y = 30 - (Math.min(Math.max(value, 0), max) / (max || 1)) * 28;
    return `${x.toFixed(2)} ${y.toFixed(2)}`;
  });
  const line = points.length > 1 ? `M${points.join("L")}` : "";
  const firstX = points[0]?.split(" ")[0] ?? "100";
  return (
    <svg viewBox="0 0 100 30" preserveAspectRatio="none" className={className} aria-hidden="true">
      {line && <path d={`${line}L100 30L${firstX} 30Z`} className="fill-accent" opacity=".12" />}
      {line && (
        <path d={line} fill="none" className="stroke-accent" strokeWidth="1.5" vectorEffect="non-scaling-stroke" />
      )}
    </svg>
  );
}
