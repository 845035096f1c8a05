import { BlockSkeleton } from "../ui/skeleton.tsx";

/** Holds the place of a view whose code is on its way. */
export function ViewSkeleton() {
  return (
    <div role="status" aria-label="Loading the view">
      <BlockSkeleton className="h-[max(24rem,calc(100dvh-16.5rem))]" />
    </div>
  );
}
