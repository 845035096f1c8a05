import type { Trace } from "@/lib/contract/trace.ts";
import { meaningOf } from "@/lib/contract/trace-steps.ts";
import { cn } from "../ui/class-names.ts";
import { groupFill } from "./trace-colors.ts";

interface Props {
  trace: Trace;
  /** How long the bar is, where that is not as long as the start. */
  totalNs?: number;
  className?: string;
}

/** A whole start as one bar: each step where and as long as it ran, in the colour of its part of the start. */
export function TraceStrip({ trace, totalNs = trace.totalNs, className }: Props) {
  const total = Math.max(totalNs, 1);
  return (
    <svg
      viewBox="0 0 1000 10"
      preserveAspectRatio="none"
      className={cn("h-2 w-full overflow-hidden rounded-full bg-sunken", className)}
      role="img"
      aria-label={`${trace.steps.length} steps`}
    >
      {trace.steps.map((step, index) => (
        <rect
          // biome-ignore lint/suspicious/noArrayIndexKey: a trace never changes its order
          key={index}
          x={(step.startNs / total) * 1000}
          width={Math.max((step.durationNs / total) * 1000, 1.5)}
          y="0"
          height="10"
          className={step.errno !== 0 ? "fill-bad" : groupFill[meaningOf(step).group]}
        />
      ))}
    </svg>
  );
}
