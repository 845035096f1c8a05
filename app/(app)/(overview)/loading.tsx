import { PageTitle } from "@/components/ui/page-title.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";

export default function Loading() {
  return (
    <div role="status" aria-label="Loading the overview">
      <PageTitle title="Overview" description="The machine, and what runs on it.">
        <Skeleton className="h-8 w-36" />
      </PageTitle>
      <div className="mt-5 grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
        {["a", "b", "c", "d"].map((tile) => (
          <div key={tile} className="h-30 rounded-xl border bg-surface shadow-card" />
        ))}
      </div>
      <div className="mt-4 h-96 rounded-xl border bg-surface shadow-card" />
    </div>
  );
}
