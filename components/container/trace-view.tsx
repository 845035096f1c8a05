import type { Container } from "@/lib/contract/container.ts";
import { isRunning } from "../containers/describe.ts";
import { Skeleton } from "../ui/skeleton.tsx";
import { ProblemNotice } from "./problem-notice.tsx";
import { Timeline } from "./timeline.tsx";
import { TraceStarts } from "./trace-starts.tsx";
import { useAddress } from "./use-address.ts";
import type { TraceState } from "./use-trace.ts";
import { useOperationTrace, useTraces } from "./use-traces.ts";

interface Props {
  container: Container;
  /** Of its last start. */
  trace: TraceState;
}

/** How a container came to be: every step of its last start or of an earlier one, and two of them side by side. */
export function TraceView({ container, trace: last }: Props) {
  const { address, go } = useAddress();
  const [shown, beside] = [address.get("start"), address.get("beside")];
  const traces = useTraces(container);
  const earlier = useOperationTrace(shown);
  const other = useOperationTrace(beside);
  const state = shown === null ? last : earlier;
  const problem = shown !== null || isRunning(container) ? null : container.problem;
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
      return (
        <>
          {other.kind === "failed" && <ProblemNotice problem={other.problem} />}
          <Timeline
            key={`${state.trace.startedAt} ${other.kind === "there" ? other.trace.startedAt : ""}`}
            container={container}
            trace={state.trace}
            problem={problem}
            beside={other.kind === "there" ? other.trace : null}
            starts={<TraceStarts traces={traces} shown={shown} beside={beside} onChange={go} />}
          />
        </>
      );
  }
}
