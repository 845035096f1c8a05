import type { TraceStep } from "@/lib/contract/trace.ts";
import { shapeOf, type TraceGroup, traceGroups } from "@/lib/contract/trace-steps.ts";
import { formatDuration } from "../format.ts";
import { cn } from "../ui/class-names.ts";
import { groupSurface } from "./trace-colors.ts";

interface Props {
  steps: readonly TraceStep[];
  chosen: TraceGroup | null;
  onChoose: (group: TraceGroup | null) => void;
}

/**
 * What the time of a start went into, as one bar, and what its colours mean; each part can be chosen. Waiting for the other
 * side is no work and overlaps with it, so it has no place in the bar.
 */
export function TraceShape({ steps, chosen, onChoose }: Props) {
  const shape = shapeOf(steps);
  const work = shape.filter(({ group }) => group !== "waiting");
  const totalNs = Math.max(
    work.reduce((sum, { ns }) => sum + ns, 0),
    1,
  );
  return (
    <div>
      <div className="flex h-3 gap-px overflow-hidden rounded-full bg-sunken" aria-hidden="true">
        {work.map(({ group, ns }) => (
          <span
            key={group}
            className={cn(
              "min-w-0.5 transition-opacity",
              groupSurface[group],
              chosen !== null && chosen !== group && "opacity-25",
            )}
            style={{ flexGrow: Math.max(ns / totalNs, 0.001) }}
          />
        ))}
      </div>
      <ul aria-label="What the time went into" className="mt-2.5 -ml-2 flex flex-wrap gap-y-0.5">
        {shape.map(({ group, ns, steps: count }) => (
          <li key={group}>
            <button
              type="button"
              aria-pressed={chosen === group}
              title={`${count} steps; show these alone`}
              onClick={() => onChoose(chosen === group ? null : group)}
              className={cn(
                "flex h-7 items-center gap-1.5 rounded-md px-2 text-soft text-xs tabular-nums hover:bg-hover hover:text-ink any-pointer-coarse:h-10",
                chosen === group && "bg-hover text-ink",
              )}
            >
              <span className={cn("size-2 rounded-xs", groupSurface[group])} aria-hidden="true" />
              {traceGroups.find(({ id }) => id === group)?.label}
              <span className="text-faint">
                {formatDuration(ns)}
                {group !== "waiting" && ` · ${Math.round((ns / totalNs) * 100)} %`}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
