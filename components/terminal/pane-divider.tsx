import type { KeyboardEvent, PointerEvent } from "react";
import { cn } from "../ui/class-names.ts";
import type { Divider } from "./layout.ts";

const keyStep = 0.05;

interface Props {
  divider: Divider;
  onMove: (ratio: number) => void;
}

/** Moves the border of two panes: by the pointer, or by arrow keys (WAI-ARIA window splitter). */
export function PaneDivider({ divider: { axis, ratio, rect }, onMove }: Props) {
  const row = axis === "row";
  const at = row ? rect.left + rect.width * ratio : rect.top + rect.height * ratio;
  const drag = (event: PointerEvent<HTMLElement>) => {
    const area = event.currentTarget.parentElement?.getBoundingClientRect();
    if (!area || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const share = row ? (event.clientX - area.left) / area.width : (event.clientY - area.top) / area.height;
    onMove(row ? (share - rect.left) / rect.width : (share - rect.top) / rect.height);
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -keyStep, ArrowUp: -keyStep, ArrowRight: keyStep, ArrowDown: keyStep }[event.key];
    if (!step) return;
    event.preventDefault();
    onMove(ratio + step);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: hr takes no focus and no value
    <div
      role="separator"
      tabIndex={0}
      aria-label={row ? "Width of the panes" : "Height of the panes"}
      aria-orientation={row ? "vertical" : "horizontal"}
      aria-valuenow={Math.round(ratio * 100)}
      aria-valuemin={10}
      aria-valuemax={90}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onDoubleClick={() => onMove(0.5)}
      onKeyDown={press}
      className={cn(
        "group absolute z-20 flex touch-none items-center justify-center outline-none",
        row ? "w-2 -translate-x-1/2 cursor-col-resize" : "h-2 -translate-y-1/2 cursor-row-resize",
      )}
      style={
        row
          ? { left: `${at * 100}%`, top: `${rect.top * 100}%`, height: `${rect.height * 100}%` }
          : { top: `${at * 100}%`, left: `${rect.left * 100}%`, width: `${rect.width * 100}%` }
      }
    >
      <span
        className={cn(
          "bg-line-strong transition-colors group-hover:bg-accent group-focus-visible:bg-accent",
          row
            ? "h-full w-px group-hover:w-0.5 group-focus-visible:w-0.5"
            : "h-px w-full group-hover:h-0.5 group-focus-visible:h-0.5",
        )}
      />
    </div>
  );
}
