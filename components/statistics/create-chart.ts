import uPlot from "uplot";
import { type ChartColors, readChartColors } from "./chart-colors.ts";
import { type ChartModel, drawnColumns, valueTop } from "./chart-model.ts";
import { drawLimit, drawMarks, drawSpans } from "./draw-notes.ts";
import { formatTick, formatValue, tickSteps } from "./units.ts";

export const chartHeight = 176;

export interface Chart {
  /** Shows a model with the same series as the first. */
  show(model: ChartModel): void;
  resize(width: number): void;
  /** Moves the cursor by so many points, and the cursors of all charts with it. */
  step(by: number): void;
  destroy(): void;
}

interface Options {
  host: HTMLElement;
  width: number;
  model: ChartModel;
  /** Charts of one group share their cursor. */
  group: string;
  /** `index` of the point under the cursor, `left` in CSS pixels from the host's edge. */
  onCursor: (cursor: { index: number; left: number } | null) => void;
}

/** A chart on a canvas within `host`. */
export function createChart({ host, width, model: first, group, onCursor }: Options): Chart {
  let model = first;
  const colors = readChartColors(host);
  const plot = new uPlot(
    {
      width,
      height: chartHeight,
      padding: [8, 8, 0, 0],
      legend: { show: false },
      cursor: {
        y: false,
        sync: { key: group },
        drag: { x: false, y: false, setScale: false },
        points: { size: 7, width: 1.5, fill: () => colors.token("surface") },
      },
      scales: {
        x: { time: true, range: () => [model.from, model.to] },
        y: { range: (_, __, highest) => [0, valueTop(highest ?? 0, model)] },
      },
      axes: axes(colors, () => model),
      series: series(colors, model),
      bands: bands(colors, model),
      hooks: {
        drawAxes: [(shown) => drawSpans(shown, model.spans, colors)],
        draw: [
          (shown) => {
            drawLimit(shown, model.limit ?? null, colors);
            drawMarks(shown, model.marks, colors);
          },
        ],
        setCursor: [
          ({ cursor, bbox }) => {
            const { idx, left = -1 } = cursor;
            onCursor(idx == null || left < 0 ? null : { index: idx, left: left + bbox.left / devicePixelRatio });
          },
        ],
      },
    },
    drawnColumns(model),
    host,
  );
  return {
    show(next) {
      model = next;
      plot.setData(drawnColumns(next));
    },
    resize: (next) => plot.setSize({ width: next, height: chartHeight }),
    step(by) {
      const last = model.at.length - 1;
      const index = Math.min(Math.max((plot.cursor.idx ?? last) + by, 0), last);
      const at = model.at[index];
      if (at !== undefined) plot.setCursor({ left: plot.valToPos(at, "x"), top: 1 });
    },
    destroy: () => plot.destroy(),
  };
}

function axes(colors: ChartColors, model: () => ChartModel): uPlot.Axis[] {
  const common = {
    font: colors.font,
    stroke: colors.token("faint"),
    grid: { stroke: colors.token("line", 0.8), width: 1 },
    ticks: { show: false },
  };
  const { unit } = model();
  return [
    {
      ...common,
      grid: { show: false },
      size: 24,
      gap: 6,
      space: 70,
      values: (_, splits, __, ___, step) => splits.map((at) => formatTick(at, step)),
    },
    {
      ...common,
      size: 66,
      gap: 8,
      space: 34,
      incrs: tickSteps(unit),
      values: (_, splits) => splits.map((value) => formatValue(unit, value)),
    },
  ];
}

function series(colors: ChartColors, model: ChartModel): uPlot.Series[] {
  const drawn = model.series.map(({ label, color, line }, index): uPlot.Series => {
    const stroke = colors.token(color);
    const surface = !line && (!model.stacked || index === 0);
    return {
      label,
      stroke,
      width: 1.5,
      points: { show: false },
      ...(surface && { fill: colors.token(color, model.stacked ? 0.22 : 0.1) }),
      ...(line && { dash: [4, 3], width: 1.25 }),
    };
  });
  return [{}, ...drawn];
}

/** Surfaces between stacked series; the first's own reaches down to zero. */
function bands(colors: ChartColors, { stacked, series }: ChartModel): uPlot.Band[] {
  if (!stacked) return [];
  const stack = series.flatMap(({ color, line }, index) => (line ? [] : [{ color, column: index + 1 }]));
  return stack.slice(1).map(({ color, column }, below) => ({
    series: [column, stack[below]?.column ?? 0],
    fill: colors.token(color, 0.22),
  }));
}
