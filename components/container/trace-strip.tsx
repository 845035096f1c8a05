import type { Trace } from "@/lib/contract/trace.ts";
import { cn } from "../ui/class-names.ts";

/** A whole start as one bar: each step where and as long as it ran, in the colour of the side that made the call. */
export function TraceStrip({ trace, className }: { trace: Trace; className?: string }) {
  const total = Math.max(trace.totalNs, 1);
  return (
    <svg
      viewBox="0 0 1000 10"
      preserveAspectRatio="none"
      className={cn("h-2 w-full overflow-hidden rounded-full bg-sunken", className)}
      role="img"
      aria-label={`${trace.steps.length} steps of the start`}
    >
      {trace.steps.map((step, index) => (
        <rect
          // biome-ignore lint/suspicious/noArrayIndexKey: a trace never changes its order
          key={index}
          x={(step.startNs / total) * 1000}
          width={Math.max((step.durationNs / total) * 1000, 1.5)}
          y="0"
          height="10"
          className={step.errno !== 0 ? "fill-bad" : step.side === "child" ? "fill-child" : "fill-host"}
        />
      ))}
    </svg>
  );
}
