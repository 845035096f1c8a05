import type { ReactNode } from "react";

/** Deeper ones stay in the column of the twelfth. */
const deepest = 12;

/** A process in a tree: as far in as it lies below the first, with a branch from the one above. */
export function TreeIndent({ depth, children }: { depth: number; children: ReactNode }) {
  return (
    <div
      className="flex min-w-0 items-center [--step:6px] md:[--step:14px]"
      style={{ paddingLeft: `calc(var(--step) * ${Math.min(depth, deepest)})` }}
    >
      {depth > 0 && (
        <span
          aria-hidden="true"
          className="mr-1.5 h-3 w-2 shrink-0 -translate-y-1 rounded-bl-xs border-line-strong border-b border-l"
        />
      )}
      {children}
    </div>
  );
}
