"use client";

import { CircleCheck, CircleDot, CircleX, History } from "lucide-react";
import type { ReactNode } from "react";
import type { Container } from "@/lib/contract/container.ts";
import { isFinished } from "@/lib/contract/is-finished.ts";
import type { OperationSummary } from "@/lib/contract/operation.ts";
import { ProblemNotice } from "../container/problem-notice.tsx";
import { formatMoment, formatSpan } from "../format.ts";
import { useNow } from "../live/clock.tsx";
import { describeOperation, describeProgress } from "../operations/describe-operation.ts";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Progress } from "../ui/progress.tsx";
import { Prose } from "../ui/prose.tsx";
import { RowsSkeleton } from "../ui/skeleton.tsx";
import { Spinner } from "../ui/spinner.tsx";
import { type Entry, timeline } from "./timeline.ts";
import { useActivity } from "./use-activity.ts";

interface Props {
  container: Container;
  /** Shows the start or the end that an operation was; null stands for the last start. */
  onShowTrace: (operationId: string | null) => void;
}

/** Who did what to a container and when, how long it took, and what happened by itself. */
export function ActivityView({ container, onShowTrace }: Props) {
  const { operations, events, next, problem, more, loadingMore } = useActivity(container);
  const entries = timeline(container, operations, events);
  const starts = operations.filter((one) => isFinished(one) && (one.verb === "start" || one.verb === "restart"));
  const stops = operations.filter((one) => one.state === "succeeded" && one.verb === "stop");
  const showTrace = (id: string) => {
    if (starts.some((one) => one.id === id)) return () => onShowTrace(id === starts[0]?.id ? null : id);
    return stops.some((one) => one.id === id) ? () => onShowTrace(id) : undefined;
  };
  return (
    <section aria-label="Activity">
      {problem && <ProblemNotice problem={problem} />}
      {entries.length === 0 && !problem && (next === undefined ? <Loading /> : <Nothing />)}
      {entries.length > 0 && (
        <ol className="overflow-hidden rounded-xl border bg-surface shadow-card">
          {entries.map((entry) => (
            <Row key={entry.id} entry={entry} onShowTrace={showTrace(entry.id)} />
          ))}
        </ol>
      )}
      {next && (
        <Button className="mx-auto mt-4 flex" pending={loadingMore} onClick={() => void more()}>
          Show older
        </Button>
      )}
    </section>
  );
}

function Row({ entry, onShowTrace }: { entry: Entry; onShowTrace: (() => void) | undefined }) {
  return (
    <li className="grid grid-cols-[1rem_minmax(0,1fr)] gap-x-3 border-b px-4 py-3 text-sm last:border-b-0 sm:grid-cols-[1rem_minmax(0,1fr)_11rem]">
      {entry.kind === "operation" ? (
        <Operation operation={entry.operation} onShowTrace={onShowTrace} />
      ) : (
        <>
          <Mark>{entry.bad ? <CircleX className="text-bad" /> : <CircleDot className="text-faint" />}</Mark>
          <div className="min-w-0">
            <p className="font-medium">{entry.title}</p>
            <p className="text-pretty text-soft text-xs">{entry.detail}</p>
          </div>
        </>
      )}
      <When at={entry.at} />
    </li>
  );
}

function Operation({ operation, onShowTrace }: { operation: OperationSummary; onShowTrace: (() => void) | undefined }) {
  const { state, principal, problem } = operation;
  const { text, value } = describeProgress(operation);
  const title = describeOperation(operation);
  const took = duration(operation);
  return (
    <>
      <Mark>
        {state === "succeeded" && <CircleCheck className="text-ok" aria-label="Done" />}
        {state === "failed" && <CircleX className="text-bad" aria-label="Failed" />}
        {!isFinished(operation) && <Spinner className="text-accent" />}
      </Mark>
      <div className="min-w-0">
        <p className="break-words font-medium">{title}</p>
        <p className="text-soft text-xs tabular-nums">
          by {principal === "restart-policy" ? "its restart policy" : principal}
          {took && `, took ${took}`}
          {onShowTrace && (
            <>
              {" · "}
              <button type="button" className="text-accent hover:underline" onClick={onShowTrace}>
                show its trace
              </button>
            </>
          )}
        </p>
        {!isFinished(operation) && <Progress label={title} value={value} className="my-1.5 max-w-80" />}
        {text && <p className="text-soft text-xs tabular-nums">{text}</p>}
        {problem && (
          <div className="mt-1.5 rounded-lg border border-bad/20 bg-bad-soft px-3 py-2 text-xs">
            <p className="font-medium">{problem.title}</p>
            <p className="break-words text-pretty text-soft">
              <Prose>{[problem.detail, problem.remedy].filter(Boolean).join(" ")}</Prose>
            </p>
          </div>
        )}
      </div>
    </>
  );
}

/** From the request to the end, where both are known. */
function duration({ requestedAt, finishedAt }: OperationSummary): string | null {
  if (!finishedAt) return null;
  const ms = Date.parse(finishedAt) - Date.parse(requestedAt);
  return ms < 1000 ? `${Math.max(ms, 0)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function Mark({ children }: { children: ReactNode }) {
  return <span className="mt-0.5 [&_svg]:size-4">{children}</span>;
}

function When({ at }: { at: string }) {
  const now = useNow();
  return (
    <p className="col-start-2 text-faint text-xs tabular-nums sm:col-start-3 sm:row-start-1 sm:text-right">
      <time dateTime={at}>{formatMoment(at, { year: false })}</time>
      <span className="sm:block">
        <span className="sm:hidden"> · </span>
        {formatSpan(at, Math.max(now, Date.parse(at)))} ago
      </span>
    </p>
  );
}

function Nothing() {
  return (
    <EmptyState icon={<History />} title="Nothing was done yet">
      Each start, stop and change of this container is listed here: who asked for it, how long it took, and what became
      of it.
    </EmptyState>
  );
}

function Loading() {
  return <RowsSkeleton label="Loading the activity" rows={3} />;
}
