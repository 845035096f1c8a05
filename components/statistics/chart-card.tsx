"use client";

import "uplot/dist/uPlot.min.css";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { onThemeChange } from "../terminal/palette.ts";
import { cn } from "../ui/class-names.ts";
import { type ChartModel, type ChartSeries, summarize } from "./chart-model.ts";
import { type Chart, chartHeight, createChart } from "./create-chart.ts";
import { formatMoment, formatValue } from "./units.ts";

interface Props {
  title: string;
  hint: string;
  model: ChartModel;
  group: string;
}

interface Cursor {
  index: number;
  left: number;
}

/** A chart with its name, its series and what they are worth: now, or where the cursor is. */
export function ChartCard({ title, hint, model, group }: Props) {
  const [cursor, setCursor] = useState<Cursor | null>(null);
  const [pointed, setPointed] = useState(false);
  return (
    <ChartFrame title={title} hint={hint} legend={<Legend model={model} index={cursor?.index ?? null} />}>
      <div
        className="relative"
        onPointerEnter={() => setPointed(true)}
        onPointerLeave={() => setPointed(false)}
        style={{ height: chartHeight }}
      >
        <Canvas title={title} model={model} group={group} onCursor={setCursor} onFocus={setPointed} />
        {pointed && cursor && <Tip model={model} cursor={cursor} />}
      </div>
    </ChartFrame>
  );
}

/** Where a chart stands, or the sentence why there is none. */
export function ChartFrame({
  title,
  hint,
  legend,
  children,
}: {
  title: string;
  hint: string;
  legend?: ReactNode;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="min-w-0 rounded-xl border bg-surface px-4 pt-3.5 pb-3 shadow-card">
      <header className="mb-2 flex min-h-9 flex-wrap items-start justify-between gap-x-4 gap-y-1">
        <div>
          <h2 id={id} className="font-semibold text-sm tracking-tight">
            {title}
          </h2>
          <p className="text-2xs text-faint">{hint}</p>
        </div>
        {legend}
      </header>
      {children}
    </section>
  );
}

function Legend({ model, index }: { model: ChartModel; index: number | null }) {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-0.5 text-xs">
      {model.series.map((item) => (
        <li key={item.label} className="flex items-baseline gap-1.5 whitespace-nowrap text-soft">
          <Swatch series={item} />
          {item.label}
          <span className="min-w-14 text-right font-medium text-ink tabular-nums">
            {formatValue(model.unit, index === null ? summarize(item.values)?.latest : item.values[index])}
          </span>
        </li>
      ))}
    </ul>
  );
}

const swatches: Record<ChartSeries["color"], string> = {
  "series-1": "bg-series-1",
  "series-2": "bg-series-2",
  "series-3": "bg-series-3",
  "series-4": "bg-series-4",
  warn: "bg-warn",
  bad: "bg-bad",
};

function Swatch({ series: { color, line } }: { series: ChartSeries }) {
  return (
    <span
      aria-hidden="true"
      className={cn("w-2 shrink-0 self-center rounded-xs", line ? "h-0.5" : "h-2", swatches[color])}
    />
  );
}

function Tip({
  model: { at, series, unit, from, to },
  cursor: { index, left },
}: {
  model: ChartModel;
  cursor: Cursor;
}) {
  const moment = at[index];
  if (moment === undefined) return null;
  return (
    <div
      aria-hidden="true"
      className="pointer-events-none absolute top-1 z-10 min-w-36 rounded-lg border bg-raised px-2.5 py-2 text-xs shadow-pop"
      style={left > 260 ? { right: `calc(100% - ${left - 12}px)` } : { left: left + 12 }}
    >
      <p className="mb-1 text-faint tabular-nums">{formatMoment(moment, to - from)}</p>
      {series.map((item) => (
        <p key={item.label} className="flex items-baseline gap-1.5 text-soft">
          <Swatch series={item} />
          {item.label}
          <span className="ml-auto pl-3 font-medium text-ink tabular-nums">
            {formatValue(unit, item.values[index])}
          </span>
        </p>
      ))}
    </div>
  );
}

interface CanvasProps {
  title: string;
  model: ChartModel;
  group: string;
  onCursor: (cursor: Cursor | null) => void;
  onFocus: (focused: boolean) => void;
}

function Canvas({ title, model, group, onCursor, onFocus }: CanvasProps) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<Chart | null>(null);
  const latest = useRef(model);
  const shape = model.series.map(({ label }) => label).join();

  // biome-ignore lint/correctness/useExhaustiveDependencies: other series need another chart
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const create = () => {
      chart.current?.destroy();
      chart.current = createChart({
        host: element,
        width: element.clientWidth,
        model: latest.current,
        group,
        onCursor,
      });
    };
    create();
    const resizing = new ResizeObserver(() => chart.current?.resize(element.clientWidth));
    resizing.observe(element);
    const unsubscribe = onThemeChange(create);
    return () => {
      unsubscribe();
      resizing.disconnect();
      chart.current?.destroy();
      chart.current = null;
    };
  }, [shape, group, onCursor]);

  useEffect(() => {
    latest.current = model;
    chart.current?.show(model);
  }, [model]);

  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, PageUp: -60, PageDown: 60 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    chart.current?.step(by);
  };
  return (
    <div
      ref={host}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move the cursor
      tabIndex={0}
      role="img"
      aria-label={`${title}: ${describe(model)}`}
      onKeyDown={onKeyDown}
      onFocus={(event) => onFocus(event.currentTarget.matches(":focus-visible"))}
      onBlur={() => onFocus(false)}
      className="absolute inset-0 rounded-md"
    />
  );
}

function describe({ series, unit }: ChartModel): string {
  return series
    .map(({ label, values }) => {
      const summary = summarize(values);
      if (!summary) return `${label}: nothing`;
      return `${label}: ${formatValue(unit, summary.latest)} now, ${formatValue(unit, summary.highest)} at most`;
    })
    .join("; ");
}
