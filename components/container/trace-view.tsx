import type { Container } from "@/lib/contract/container.ts";
import { traceKind } from "@/lib/contract/trace.ts";
import { isRunning } from "../containers/describe.ts";
import { RowsSkeleton } from "../ui/skeleton.tsx";
import { ProblemNotice } from "./problem-notice.tsx";
import { Timeline } from "./timeline.tsx";
import { kindOf } from "./trace-choice.ts";
import { TraceChoices } from "./trace-choices.tsx";
import { useAddress } from "./use-address.ts";
import type { TraceState } from "./use-trace.ts";
import { useNamedTrace, useTraces } from "./use-traces.ts";

interface Props {
  container: Container;
  /** Of its last start. */
  trace: TraceState;
}

/**
 * How a container came to be, or to its end, or a further command to run in it: every step of the last time or of an
 * earlier one, and two of a kind side by side.
 */
export function TraceView({ container, trace: last }: Props) {
  const { address, go } = useAddress();
  const [shown, beside] = [address.get("start"), address.get("beside")];
  const traces = useTraces(container);
  const earlier = useNamedTrace(container, shown);
  const other = useNamedTrace(container, beside);
  const state = shown === null ? last : earlier;
  const problem = shown !== null || isRunning(container) ? null : container.problem;
  const choices = (
    <TraceChoices
      traces={traces}
      hasEnded={shown === "end" || container.finishedAt !== null || traces.some((one) => traceKind(one) === "end")}
      shown={shown}
      beside={beside}
      onChange={go}
    />
  );
  switch (state.kind) {
    case "loading":
      return <RowsSkeleton label="Loading the trace" rows={8} />;
    case "failed":
      return (
        <>
          {choices}
          <ProblemNotice problem={state.problem} onRetry={state.retry} />
        </>
      );
    case "none":
      return (
        <p className="rounded-xl border border-dashed px-6 py-14 text-center text-soft text-sm">
          {container.name} has not been started yet. Its first start shows here what the kernel was asked to do.
        </p>
      );
    case "there":
      return (
        <>
          {other.kind === "failed" && <ProblemNotice problem={other.problem} onRetry={other.retry} />}
          <Timeline
            key={`${state.trace.startedAt} ${other.kind === "there" ? other.trace.startedAt : ""}`}
            container={container}
            trace={state.trace}
            problem={problem}
            beside={other.kind === "there" ? other.trace : null}
            kind={kindOf(shown, traces)}
            choices={choices}
          />
        </>
      );
  }
}
