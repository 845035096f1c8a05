import { terminalHeight } from "../terminal/terminal-height.ts";
import { BlockSkeleton } from "../ui/skeleton.tsx";

/** Holds the place of a view whose code is on its way. */
export function ViewSkeleton() {
  return (
    <div role="status" aria-label="Loading the view">
      <BlockSkeleton className={terminalHeight} />
    </div>
  );
}
