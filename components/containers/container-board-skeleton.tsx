import { PageTitle } from "../ui/page-title.tsx";
import { Skeleton } from "../ui/skeleton.tsx";

/** The list's shape before its data is there; every part has the size of what takes its place. */
export function ContainerBoardSkeleton() {
  return (
    <div role="status" aria-label="Loading containers">
      <PageTitle title="Containers" />
      <div className="mt-5 flex gap-2">
        <Skeleton className="h-8 w-64" />
        <Skeleton className="h-8 w-36" />
      </div>
      <div className="mt-4 overflow-hidden rounded-xl border bg-surface shadow-card">
        <div className="h-9 border-b bg-sunken/60" />
        {["a", "b", "c", "d", "e"].map((row) => (
          <div key={row} className="flex h-15 items-center gap-6 border-b px-4 last:border-b-0">
            <Skeleton className="h-4 w-40" />
            <Skeleton className="h-5.5 w-20 rounded-full" />
            <Skeleton className="hidden h-4 w-56 lg:block" />
            <Skeleton className="ml-auto h-7 w-20" />
          </div>
        ))}
      </div>
    </div>
  );
}
