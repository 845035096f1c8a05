import type { ReactNode } from "react";
import { cn } from "./class-names.ts";

/** How good something is: what colour it gets. */
export type BadgeTone = "ok" | "busy" | "idle" | "warn" | "bad";

const colors: Record<BadgeTone, string> = {
  ok: "border-ok/25 bg-ok-soft text-ok",
  busy: "border-accent/25 bg-accent-soft text-accent",
  idle: "border-line bg-sunken text-soft",
  warn: "border-warn/25 bg-warn-soft text-warn",
  bad: "border-bad/25 bg-bad-soft text-bad",
};

const dots: Record<BadgeTone, string> = {
  ok: "bg-ok",
  busy: "animate-pulse-soft bg-accent",
  idle: "bg-faint/60",
  warn: "bg-warn",
  bad: "bg-bad",
};

interface Props {
  tone?: BadgeTone;
  dot?: boolean;
  className?: string;
  children: ReactNode;
  "data-state"?: string;
}

/** A word or two about something, in the colour of how good that is. */
export function Badge({ tone = "idle", dot = false, className, children, ...rest }: Props) {
  return (
    <span
      className={cn(
        "inline-flex h-5.5 max-w-full items-center gap-1.5 whitespace-nowrap rounded-full border px-2 font-medium text-xs tabular-nums",
        colors[tone],
        className,
      )}
      {...rest}
    >
      {dot && <span className={cn("size-1.5 shrink-0 rounded-full", dots[tone])} aria-hidden="true" />}
      <span className="truncate">{children}</span>
    </span>
  );
}
