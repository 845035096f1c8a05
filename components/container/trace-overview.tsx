import { type PointerEvent, useRef, useState } from "react";
import type { Trace } from "@/lib/contract/trace.ts";
import { cn } from "../ui/class-names.ts";
import type { Span } from "./trace-model.ts";
import { TraceStrip } from "./trace-strip.tsx";

interface Props {
  trace: Trace;
  /** Of the start, or of the longer one where two are shown. */
  totalNs: number;
  span: Span;
  onSpan: (span: Span) => void;
}

/** A click, and no drag: as much of the strip as a hand shakes. */
const click = 0.008;

/** The whole start in small; what is drawn below stands out in it, and is chosen by dragging over it. */
export function TraceOverview({ trace, totalNs, span, onSpan }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const total = Math.max(totalNs, 1);
  const at = (event: PointerEvent) => {
    const { left, width } = box.current?.getBoundingClientRect() ?? { left: 0, width: 1 };
    return Math.min(Math.max((event.clientX - left) / width, 0), 1);
  };
  const finish = () => {
    if (drag) {
      const [from, to] = [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)];
      onSpan(to - from < click ? { from: 0, to: total } : { from: from * total, to: to * total });
    }
    setDrag(null);
  };
  const shown = drag
    ? { from: Math.min(drag.from, drag.to), to: Math.max(drag.from, drag.to) }
    : { from: span.from / total, to: span.to / total };
  const whole = !drag && span.from === 0 && span.to === total;
  return (
    <div
      ref={box}
      title="Drag to zoom; click for the whole start"
      className="relative hidden cursor-crosshair touch-none select-none sm:block"
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag({ from: at(event), to: at(event) });
      }}
      onPointerMove={(event) => setDrag((now) => now && { ...now, to: at(event) })}
      onPointerUp={finish}
      onPointerCancel={() => setDrag(null)}
    >
      <TraceStrip trace={trace} totalNs={totalNs} className="h-6 rounded-md" />
      <span
        className={cn(
          "pointer-events-none absolute inset-y-0 rounded-md border-2 border-ink/60 bg-ink/5",
          whole && "hidden",
        )}
        style={{ left: `${shown.from * 100}%`, width: `${(shown.to - shown.from) * 100}%` }}
        aria-hidden="true"
      />
    </div>
  );
}
