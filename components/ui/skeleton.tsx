import { cn } from "./class-names.ts";

/** Holds the place of something that is loading, in its size. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden="true" className={cn("block animate-pulse-soft rounded-md bg-line", className)} />;
}

/** Holds the place of a whole panel, paler than a line's, so that a large surface does not shout. */
export function BlockSkeleton({ className }: { className?: string }) {
  return <Skeleton className={cn("w-full rounded-xl opacity-40", className)} />;
}

/** Holds the place of a list or a table. `label` says what is on its way, as in "Loading the files". */
export function RowsSkeleton({ label, rows }: { label: string; rows: number }) {
  return (
    <div role="status" aria-label={label} className="divide-y rounded-xl border bg-surface">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows that are all alike
        <div key={row} className="flex h-12 items-center gap-4 px-4">
          <Skeleton className={cn("h-4", widths[row % widths.length])} />
          <Skeleton className="ml-auto h-4 w-24 opacity-60" />
        </div>
      ))}
    </div>
  );
}

/** Rows of one length would look like a grid. */
const widths = ["w-2/5", "w-1/4", "w-1/3", "w-1/2"];
