import type { Container } from "@/lib/contract/container.ts";
import { cn } from "../ui/class-names.ts";
import { describeState, type Tone } from "./describe.ts";

const colors: Record<Tone, string> = {
  ok: "border-ok/25 bg-ok-soft text-ok",
  busy: "border-accent/25 bg-accent-soft text-accent",
  idle: "border-line bg-sunken text-soft",
  bad: "border-bad/25 bg-bad-soft text-bad",
};

const dots: Record<Tone, string> = {
  ok: "bg-ok",
  busy: "animate-pulse-soft bg-accent",
  idle: "bg-faint/60",
  bad: "bg-bad",
};

/** A container's state, in words and colour. */
export function StateBadge({ container }: { container: Container }) {
  const { label, tone } = describeState(container);
  return (
    <span
      data-state={container.state}
      className={cn(
        "inline-flex h-5.5 items-center gap-1.5 whitespace-nowrap rounded-full border px-2 font-medium text-xs tabular-nums",
        colors[tone],
      )}
    >
      <span className={cn("size-1.5 rounded-full", dots[tone])} aria-hidden="true" />
      {label}
    </span>
  );
}
