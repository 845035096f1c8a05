import { PageTitle } from "../ui/page-title.tsx";
import { Skeleton } from "../ui/skeleton.tsx";

/** The list's shape before its data is there; every part has the size of what takes its place. */
export function ContainerBoardSkeleton() {
  return (
    <div role="status" aria-label="Loading containers">
      <PageTitle title="Containers" description="…">
        <Skeleton className="h-8 w-40" />
      </PageTitle>
      <div className="mt-5 flex flex-wrap gap-2">
        <Skeleton className="h-8 w-full sm:w-72" />
        <Skeleton className="h-8 w-40" />
      </div>
      <div className="mt-4 overflow-hidden rounded-xl border bg-surface shadow-card">
        <div className="h-9 border-b bg-sunken/60 max-md:hidden" />
        {["a", "b", "c", "d", "e", "f", "g", "h"].map((row) => (
          <div key={row} className="flex h-28 items-center gap-6 border-b px-4 last:border-b-0 md:h-15">
            <Skeleton className="size-4" />
            <div className="flex-1">
              <Skeleton className="h-4 w-36" />
              <Skeleton className="mt-1.5 h-3 w-56 max-w-full" />
            </div>
            <Skeleton className="h-5.5 w-20 rounded-full" />
            <Skeleton className="hidden h-4 w-28 md:block" />
            <Skeleton className="hidden h-4 w-28 md:block" />
            <Skeleton className="hidden h-7 w-20 md:block" />
          </div>
        ))}
      </div>
    </div>
  );
}
