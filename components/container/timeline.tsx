import {
  type ComponentProps,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useRef,
  useState,
} from "react";
import type { Container } from "@/lib/contract/container.ts";
import type { Problem } from "@/lib/contract/problem.ts";
import type { Trace, TraceKind } from "@/lib/contract/trace.ts";
import { compareTraces } from "@/lib/contract/trace-compare.ts";
import { isTracedSetting, type TracedSetting } from "@/lib/contract/trace-settings.ts";
import { formatChange, formatDuration, formatMoment } from "../format.ts";
import { TraceChanges } from "./trace-changes.tsx";
import { kindWords } from "./trace-choice.ts";
import { everything, failedRow, filterRows, rowsOf, type TraceFilter, ticks } from "./trace-model.ts";
import { TraceOverview } from "./trace-overview.tsx";
import { Row, rowGrid } from "./trace-row.tsx";
import { TraceShape } from "./trace-shape.tsx";
import { TraceToolbar } from "./trace-toolbar.tsx";
import { useAddress } from "./use-address.ts";
import { moveFocus, useTimelineKeys } from "./use-timeline-keys.ts";
import { useZoom } from "./use-zoom.ts";

interface Props {
  container: Container;
  trace: Trace;
  /** Why this start failed, or came to nothing. */
  problem: Problem | null;
  /** Another one of its kind, step by step. */
  beside: Trace | null;
  kind: TraceKind;
  /** Where traces are chosen. */
  choices: ReactNode;
}

/** A start or an end as a waterfall: what it went into, and each step where it lies; a failed one opens where it failed. */
export function Timeline({ container, trace, problem, beside, kind, choices }: Props) {
  const { steps } = trace;
  // The longer one of the two has room.
  const totalNs = Math.max(trace.totalNs, beside?.totalNs ?? 0);
  const rows = rowsOf(trace, container, beside);
  const pairs = beside ? compareTraces(beside, trace) : [];
  const gone = pairs.filter(({ after }) => after === null);
  const failed = failedRow(rows, problem);
  const { address, go, replace } = useAddress();
  const wanted = address.get("setting");
  const setting = isTracedSetting(wanted) ? wanted : null;
  const [chosen, setChosen] = useState<Omit<TraceFilter, "setting">>(everything);
  const filter: TraceFilter = { ...chosen, setting };
  const shown = filterRows(rows, filter, trace.totalNs);
  const [open, setOpen] = useState<number | null>(failed?.number ?? null);
  const list = useRef<HTMLOListElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const { span, setSpan, zoomBy, panBy } = useZoom(list, totalNs);
  const zoomed = span.from > 0 || span.to < totalNs;

  const change = ({ setting: next, ...part }: Partial<TraceFilter>) => {
    if (next !== undefined) replace({ setting: next });
    setChosen((now) => ({ ...now, ...part }));
  };
  const focus = (number: number | undefined) =>
    list.current?.querySelector<HTMLElement>(`[data-step="${number}"]`)?.focus();
  const showFailed = () => {
    if (!failed) return;
    change(everything);
    setOpen(failed.number);
    requestAnimationFrame(() => focus(failed.number));
  };
  useScrollTo(list, failed?.number);
  useTimelineKeys({ list, field, zoomBy, showFailed, clear: () => change(everything) });

  const onKey = (event: KeyboardEvent) => {
    const part = { ArrowLeft: -0.25, ArrowRight: 0.25 }[event.key];
    if (part !== undefined && zoomed) panBy(part);
    else if (event.key === "ArrowDown") moveFocus(list.current, 1);
    else if (event.key === "ArrowUp") moveFocus(list.current, -1);
    else return;
    event.preventDefault();
  };

  return (
    <section aria-label={kindWords[kind].region} className="rounded-xl border bg-surface shadow-card">
      <header className="border-b px-4 pt-3.5 pb-2.5">
        <div className="mb-3 flex flex-wrap items-center justify-between gap-x-3 gap-y-2">
          <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
            <h2 className="font-semibold text-base tracking-tight">
              {steps.length} steps in {formatDuration(trace.totalNs)}
              {beside && (
                <span className="font-normal text-soft">
                  {" "}
                  beside {formatDuration(beside.totalNs)}: {formatChange(trace.totalNs - beside.totalNs)}
                </span>
              )}
            </h2>
            <p className="text-faint text-xs">
              <time dateTime={trace.startedAt}>{formatMoment(trace.startedAt)}</time>
            </p>
          </div>
          {choices}
        </div>
        <TraceShape steps={steps} chosen={filter.group} onChoose={(group) => change({ group })} />
        {beside && <TraceChanges before={beside} after={trace} pairs={pairs} binds={container.binds} />}
      </header>
      <TraceToolbar
        filter={filter}
        onChange={change}
        shown={shown.length}
        total={rows.length}
        field={field}
        compared={beside !== null}
        zoomed={zoomed}
        whole={kindWords[kind].whole}
        onZoom={zoomBy}
        onLeave={() => moveFocus(list.current, 0)}
      />
      <div className="sticky top-0 z-10 border-b bg-surface md:top-13">
        <Head trace={trace} totalNs={totalNs} span={span} onSpan={setSpan} />
      </div>
      <ol ref={list} onKeyDown={onKey} aria-label="Steps">
        {shown.map((row) => (
          <Row
            key={row.number}
            row={row}
            kind={kind}
            span={span}
            totalNs={trace.totalNs}
            open={open === row.number}
            onToggle={() => setOpen((now) => (now === row.number ? null : row.number))}
            problem={row === failed ? problem : null}
            onShowSetting={(next: TracedSetting) => go({ tab: "configuration", setting: next })}
          />
        ))}
      </ol>
      {gone.length > 0 && (
        <p className="border-t px-4 py-3 text-soft text-xs">
          Only in the other one: {gone.map(({ before }) => before?.name).join(", ")}
        </p>
      )}
      {shown.length === 0 && (
        <p className="px-4 py-10 text-center text-soft text-sm">
          {filter.only === "failed" ? "No step failed." : "No step fits."}
        </p>
      )}
    </section>
  );
}

/** The whole start in small, and a ruler over the bars. */
function Head({ trace, totalNs, span, onSpan }: ComponentProps<typeof TraceOverview>) {
  const length = Math.max(span.to - span.from, 1);
  return (
    <div className={`${rowGrid} hidden px-4 py-1.5 text-2xs text-faint md:grid`}>
      <span />
      <span>Step</span>
      <span>Call</span>
      <div>
        <TraceOverview trace={trace} totalNs={totalNs} span={span} onSpan={onSpan} />
        <div className="relative mt-1 h-4 tabular-nums" aria-hidden="true">
          {ticks(span)
            .filter((at) => at - span.from < length * 0.93)
            .map((at) => (
              <span
                key={at}
                className="absolute whitespace-nowrap border-line-strong border-l pl-1"
                style={{ left: `${((at - span.from) / length) * 100}%` }}
              >
                {at === 0 ? "0" : formatDuration(Math.round(at))}
              </span>
            ))}
        </div>
      </div>
      <span className="text-right">Took</span>
    </div>
  );
}

/** Brings the row of a failure into sight once. */
function useScrollTo(list: RefObject<HTMLElement | null>, number: number | undefined): void {
  useEffect(() => {
    if (number === undefined) return;
    list.current?.querySelector(`[data-step="${number}"]`)?.scrollIntoView({ block: "center" });
  }, [list, number]);
}
