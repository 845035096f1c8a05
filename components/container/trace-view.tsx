import type { Container } from "@/lib/contract/container.ts";
import { Skeleton } from "../ui/skeleton.tsx";
import { ProblemNotice } from "./problem-notice.tsx";
import { Timeline } from "./timeline.tsx";
import type { TraceState } from "./use-trace.ts";

interface Props {
  container: Container;
  trace: TraceState;
}

/** How a container came to be: every step of its last start, in order, with its call and its time. */
export function TraceView({ container, trace: state }: Props) {
  switch (state.kind) {
    case "loading":
      return (
        <div role="status" aria-label="Loading the trace">
          <Skeleton className="h-96 w-full rounded-xl" />
        </div>
      );
    case "failed":
      return <ProblemNotice problem={state.problem} />;
    case "none":
      return (
        <p className="rounded-xl border border-dashed px-6 py-14 text-center text-soft text-sm">
          {container.name} has not been started yet. Its first start shows here what the kernel was asked to do.
        </p>
      );
    case "there":
      return <Timeline key={state.trace.startedAt} container={container} trace={state.trace} />;
  }
}
