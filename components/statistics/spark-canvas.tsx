"use client";

import { useEffect, useRef } from "react";
import { onThemeChange } from "../terminal/palette.ts";

const width = 104;
const height = 24;
/** Drawn finer than most screens, so that the canvas never asks how large it is: that would cost a layout each second. */
const density = 2;

interface Props {
  /** Values in order of time, the latest last; it stands at the right edge. */
  values: readonly number[];
  /** How many values fill the width. */
  length: number;
  /** What stands at the top. */
  max: number;
}

/** A sparkline without words of its own, for tables in which very many change each second; elsewhere see ui/sparkline. */
export function SparkCanvas({ values, length, max }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (context) draw(context, values, length, max);
  }, [values, length, max]);
  return (
    <canvas
      ref={canvas}
      width={width * density}
      height={height * density}
      className="block"
      style={{ width, height }}
    />
  );
}

function draw(context: CanvasRenderingContext2D, values: readonly number[], length: number, max: number): void {
  const [w, h] = [width * density, height * density];
  const shown = values.slice(-length);
  const step = w / Math.max(length - 1, 1);
  const left = w - (shown.length - 1) * step;
  context.clearRect(0, 0, w, h);
  context.beginPath();
  for (const [index, value] of shown.entries()) {
    context.lineTo(left + index * step, h - 2 - (Math.min(Math.max(value, 0), max) / (max || 1)) * (h - 4));
  }
  context.strokeStyle = context.fillStyle = accent();
  context.lineWidth = 1.25 * density;
  context.lineJoin = "round";
  context.stroke();
  context.lineTo(w, h);
  context.lineTo(left, h);
  context.globalAlpha = 0.12;
  context.fill();
  context.globalAlpha = 1;
}

let color = "";

/** The accent colour of the theme that is shown, asked for once a theme. */
function accent(): string {
  if (color === "") {
    onThemeChange(() => {
      color = readAccent();
    });
    color = readAccent();
  }
  return color;
}

function readAccent(): string {
  const probe = document.createElement("span");
  probe.style.color = "var(--accent)";
  document.body.append(probe);
  const { color: found } = getComputedStyle(probe);
  probe.remove();
  return found;
}
