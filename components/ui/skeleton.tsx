import { cn } from "./class-names.ts";

/** Holds the place of something that is loading, in its size. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden="true" className={cn("block animate-pulse-soft rounded-md bg-line", className)} />;
}
