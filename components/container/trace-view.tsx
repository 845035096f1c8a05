import type { Container } from "@/lib/contract/container.ts";
import type { Trace, TraceStep } from "@/lib/contract/trace.ts";
import { formatDuration } from "../format.ts";
import { cn } from "../ui/class-names.ts";
import { Skeleton } from "../ui/skeleton.tsx";
import { ProblemNotice } from "./problem-notice.tsx";
import type { TraceState } from "./use-trace.ts";

/** How a container came to be: every step of its last start, in order, with its call and its time. */
export function TraceView({ container, trace: state }: { container: Container; trace: TraceState }) {
  switch (state.kind) {
    case "loading":
      return <Skeleton className="h-96 w-full rounded-xl" />;
    case "failed":
      return <ProblemNotice problem={state.problem} />;
    case "none":
      return (
        <p className="rounded-xl border border-dashed px-6 py-14 text-center text-soft text-sm">
          {container.name} has not been started yet. Its first start shows here what the kernel was asked to do.
        </p>
      );
    case "there":
      return <Steps trace={state.trace} />;
  }
}

function Steps({ trace }: { trace: Trace }) {
  const { steps, totalNs } = trace;
  return (
    <section aria-label="Start trace" className="overflow-hidden rounded-xl border bg-surface shadow-card">
      <header className="flex flex-wrap items-baseline gap-x-5 gap-y-1 border-b px-4 py-3">
        <h2 className="font-semibold text-base tracking-tight">
          {steps.length} steps in {formatDuration(totalNs)}
        </h2>
        <ul className="flex gap-4 text-soft text-xs">
          <Key color="bg-host">on the host</Key>
          <Key color="bg-child">in the container</Key>
        </ul>
      </header>
      <ol>
        {steps.map((step, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a trace never changes its order
          <Step key={index} number={index + 1} step={step} totalNs={totalNs} />
        ))}
      </ol>
    </section>
  );
}

function Key({ color, children }: { color: string; children: string }) {
  return (
    <li className="flex items-center gap-1.5">
      <span className={cn("size-2 rounded-xs", color)} aria-hidden="true" />
      {children}
    </li>
  );
}

function Step({ number, step, totalNs }: { number: number; step: TraceStep; totalNs: number }) {
  const { name, call, arguments: given, setting, durationNs, errno, errnoName, side } = step;
  return (
    <li
      className={cn(
        "grid grid-cols-[2rem_minmax(0,1fr)_4.5rem] items-baseline gap-x-3 border-b px-4 py-1.5 text-xs last:border-b-0 hover:bg-hover md:grid-cols-[2rem_11rem_minmax(0,1fr)_minmax(8rem,22%)_4.5rem]",
        errno !== 0 && "bg-bad-soft",
      )}
    >
      <span className="text-right text-faint tabular-nums">{number}</span>
      <span className="truncate font-medium">
        {name}
        <span className="sr-only">, {side === "child" ? "in the container" : "on the host"}</span>
      </span>
      <span className="col-span-2 col-start-2 row-start-2 min-w-0 md:col-span-1 md:col-start-3 md:row-start-1">
        <code className="block truncate font-mono text-soft" title={`${call}(${given})`}>
          <span className="text-ink">{call}</span>
          {given && `(${given})`}
          {errno !== 0 && <span className="font-medium text-bad"> = {errnoName ?? errno}</span>}
        </code>
        {setting && (
          <span className="block truncate text-2xs text-faint" title="The setting in config.json that asked for it">
            {setting}
          </span>
        )}
      </span>
      <Bar step={step} totalNs={totalNs} />
      <span className="col-start-3 row-start-1 text-right text-soft tabular-nums md:col-start-5">
        {formatDuration(durationNs)}
      </span>
    </li>
  );
}

function Bar({ step: { startNs, durationNs, side, errno }, totalNs }: { step: TraceStep; totalNs: number }) {
  const total = Math.max(totalNs, 1);
  return (
    <span className="relative hidden h-2 self-center md:block" aria-hidden="true">
      <span
        className={cn(
          "absolute h-2 min-w-0.5 rounded-xs",
          errno !== 0 ? "bg-bad" : side === "child" ? "bg-child" : "bg-host",
        )}
        style={{ left: `${(startNs / total) * 100}%`, width: `${(durationNs / total) * 100}%` }}
      />
    </span>
  );
}
