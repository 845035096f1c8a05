import { cn } from "./class-names.ts";

interface Props {
  label: string;
  /** From 0 to 1, of what there is. */
  value: number;
  /** What the value is in words, for whoever does not see the bar. */
  text: string;
  className?: string;
}

/** How much of something is in use: calm, then amber from 75 %, red from 90 %. */
export function Meter({ label, value, text, className }: Props) {
  const part = Math.min(Math.max(value, 0), 1);
  const fill = part >= 0.9 ? "bg-bad" : part >= 0.75 ? "bg-warn" : "bg-accent";
  return (
    // biome-ignore lint/a11y/useSemanticElements: browsers draw <meter> each in their own way
    <div
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(part * 100)}
      aria-valuetext={text}
      className={cn("h-1 w-full overflow-hidden rounded-full bg-line", className)}
    >
      <div
        className={cn("h-full rounded-full transition-[width] duration-500", fill)}
        style={{ width: `${part > 0 ? Math.max(part * 100, 1.5) : 0}%` }}
      />
    </div>
  );
}
