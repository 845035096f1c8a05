import { terminalHeight } from "@/components/terminal/terminal-height.ts";
import { BlockSkeleton, Skeleton } from "@/components/ui/skeleton.tsx";

export default function Loading() {
  return (
    <div role="status" aria-label="Loading the container">
      <Skeleton className="h-4 w-24" />
      <div className="mt-2 flex h-9 items-center justify-between">
        <Skeleton className="h-7 w-56" />
        <Skeleton className="h-8 w-44" />
      </div>
      <Skeleton className="mt-6 h-8 w-80" />
      <BlockSkeleton className={`mt-4 ${terminalHeight}`} />
    </div>
  );
}
