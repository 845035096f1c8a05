import type uPlot from "uplot";
import type { ChartColors } from "./chart-colors.ts";
import type { ChartMark, ChartModel, ChartSpan } from "./chart-model.ts";

/** The limit as a dashed line with its name; where it lies above what is shown, an arrow at the top. */
export function drawLimit(
  { ctx, bbox, valToPos, scales }: uPlot,
  limit: ChartModel["limit"],
  colors: ChartColors,
): void {
  if (!limit) return;
  const above = limit.value > (scales.y?.max ?? 0);
  const y = above ? bbox.top : valToPos(limit.value, "y", true);
  paint({ ctx, bbox }, () => {
    ctx.strokeStyle = ctx.fillStyle = colors.token("bad", above ? 0.75 : 1);
    if (!above) {
      ctx.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio]);
      line(ctx, bbox.left, y, bbox.left + bbox.width, y);
    }
    write(
      ctx,
      colors,
      above ? `↑ ${limit.label}` : limit.label,
      bbox.left + bbox.width,
      y,
      "right",
      above ? "below" : "above",
    );
  });
}

/** Moments as upright lines, named at their top. */
export function drawMarks({ ctx, bbox, valToPos }: uPlot, marks: readonly ChartMark[], colors: ChartColors): void {
  for (const { at, label, tone } of marks) {
    const x = valToPos(at, "x", true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    paint({ ctx, bbox }, () => {
      ctx.strokeStyle = ctx.fillStyle = colors.token(tone === "bad" ? "bad" : "faint");
      if (tone === "quiet") ctx.setLineDash([2 * devicePixelRatio, 3 * devicePixelRatio]);
      line(ctx, x, bbox.top, x, bbox.top + bbox.height);
      const right = x > bbox.left + bbox.width * 0.85;
      write(ctx, colors, label, x, bbox.top + bbox.height, right ? "right" : "left", "above");
    });
  }
}

/** Stretches of time as tinted ground behind the lines. */
export function drawSpans({ ctx, bbox, valToPos }: uPlot, spans: readonly ChartSpan[], colors: ChartColors): void {
  for (const { from, to, label } of spans) {
    const left = Math.max(valToPos(from, "x", true), bbox.left);
    const right = Math.min(valToPos(to, "x", true), bbox.left + bbox.width);
    if (right <= left) continue;
    paint({ ctx, bbox }, () => {
      ctx.fillStyle = colors.token("faint", 0.14);
      ctx.fillRect(left, bbox.top, right - left, bbox.height);
      ctx.fillStyle = colors.token("soft");
      write(ctx, colors, label, left, bbox.top, "left", "below");
    });
  }
}

function paint({ ctx, bbox }: Pick<uPlot, "ctx" | "bbox">, draw: () => void): void {
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.lineWidth = devicePixelRatio;
  draw();
  ctx.restore();
}

function line(ctx: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
  ctx.stroke();
}

function write(
  ctx: CanvasRenderingContext2D,
  { font }: ChartColors,
  text: string,
  x: number,
  y: number,
  align: "left" | "right",
  side: "above" | "below",
): void {
  const gap = 4 * devicePixelRatio;
  ctx.font = font.replace(/^\d+px/, `${10 * devicePixelRatio}px`);
  ctx.textAlign = align;
  ctx.textBaseline = side === "above" ? "bottom" : "top";
  ctx.fillText(text, align === "left" ? x + gap : x - gap, side === "above" ? y - gap / 2 : y + gap / 2);
}
