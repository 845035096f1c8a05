import { cn } from "./class-names.ts";

interface Props {
  label: string;
  /** From 0 to 1; null while nobody knows how far it is. */
  value: number | null;
  tone?: "accent" | "bad" | "ok";
  className?: string;
}

const fills = { accent: "bg-accent", bad: "bg-bad", ok: "bg-ok" };

/** How far something is. */
export function Progress({ label, value, tone = "accent", className }: Props) {
  const percent = value === null ? undefined : Math.round(Math.min(Math.max(value, 0), 1) * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      className={cn("h-1 w-full overflow-hidden rounded-full bg-line", className)}
    >
      {percent === undefined ? (
        <div className={cn("h-full w-2/5 animate-sweep rounded-full", fills[tone])} />
      ) : (
        <div
          className={cn("h-full rounded-full transition-[width] duration-300", fills[tone])}
          style={{ width: `${percent}%` }}
        />
      )}
    </div>
  );
}
