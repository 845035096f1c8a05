"use client";

import { ChartLine } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import { ProblemNotice } from "../container/problem-notice.tsx";
import { useAddress } from "../container/use-address.ts";
import { isRunning } from "../containers/describe.ts";
import { useNow } from "../live/clock.tsx";
import { Badge } from "../ui/badge.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Segmented } from "../ui/segmented.tsx";
import { BlockSkeleton } from "../ui/skeleton.tsx";
import { ChartCard, ChartFrame } from "./chart-card.tsx";
import type { ChartMark, ChartSpan } from "./chart-model.ts";
import { type ChartPlan, planCharts } from "./charts.ts";
import { measuredSpan } from "./columns.ts";
import { chartHeight } from "./create-chart.ts";
import { SummaryTable } from "./summary-table.tsx";
import { type Range, ranges, useStatistics } from "./use-statistics.ts";

const choices: { value: Range; label: string }[] = [
  { value: "15m", label: "15 min" },
  { value: "1d", label: "1 day" },
  { value: "30d", label: "30 days" },
];

const rangeLabel = (range: Range) => choices.find(({ value }) => value === range)?.label ?? range;

/** What a container uses, a second at a time, and what it has used. */
export function StatisticsView({ container }: { container: Container }) {
  const { address, replace } = useAddress();
  const range = choices.find(({ value }) => value === address.get("range"))?.value ?? "15m";
  const { columns, latest, killedAt, away, problem, loading } = useStatistics(container, range);
  const pauses = usePauses(container);
  const plans = useMemo(() => planCharts(container, columns, latest), [container, columns, latest]);
  const span = useMemo(() => measuredSpan(columns), [columns]);
  const window = useWindow(container, range, span);
  const marks = [
    ...lifeMarks(container),
    ...killedAt.map((at): ChartMark => ({ at, label: "out of memory", tone: "bad" })),
  ];
  const nothing = !loading && !problem && span === null && !isRunning(container);

  return (
    <section aria-label="Statistics">
      <div className="mb-3 flex flex-wrap items-center gap-3">
        <Segmented
          label="Range"
          items={choices}
          value={range}
          onValueChange={(next) => replace({ range: next === "15m" ? null : next })}
        />
        <LiveBadge container={container} away={away} seen={span !== null || latest !== null} />
      </div>
      {problem && <ProblemNotice problem={problem} />}
      {nothing ? (
        <EmptyState icon={<ChartLine />} title={`Nothing was measured in ${rangeLabel(range)}`}>
          {container.startedAt === null
            ? `What ${container.name} uses is measured every second once it runs, and kept for 30 days.`
            : "It did not run in this time. A longer range may have more."}
        </EmptyState>
      ) : (
        <>
          <div className="grid gap-4 lg:grid-cols-2">
            {plans.map((plan) => (
              <Plan
                key={plan.title}
                plan={plan}
                waiting={loading || (isRunning(container) && latest === null)}
                at={columns.at}
                {...window}
                marks={marks}
                spans={pauses}
                group={container.id}
              />
            ))}
          </div>
          <SummaryTable plans={plans} range={rangeLabel(range)} latest={latest} />
        </>
      )}
    </section>
  );
}

interface PlanProps {
  plan: ChartPlan;
  waiting: boolean;
  at: number[];
  from: number;
  to: number;
  marks: ChartMark[];
  spans: ChartSpan[];
  group: string;
}

function Plan({ plan, waiting, group, ...rest }: PlanProps) {
  const { title, hint, absent, series } = plan;
  if (series.length > 0) return <ChartCard title={title} hint={hint} model={{ ...plan, ...rest }} group={group} />;
  return (
    <ChartFrame title={title} hint={hint}>
      {waiting && !absent ? (
        <div style={{ height: chartHeight }}>
          <BlockSkeleton className="h-full rounded-md" />
        </div>
      ) : (
        <p
          className="flex items-center justify-center px-6 text-pretty text-center text-faint text-sm"
          style={{ height: chartHeight }}
        >
          {absent ?? "Nothing was measured in this time."}
        </p>
      )}
    </ChartFrame>
  );
}

function LiveBadge({ container, away, seen }: { container: Container; away: boolean; seen: boolean }) {
  if (container.state === "paused") return <Badge tone="warn">Paused: it uses memory, and no CPU</Badge>;
  if (!isRunning(container)) return <Badge>Not running{seen ? ": this is what it used" : ""}</Badge>;
  if (away) return <Badge tone="warn">Connection lost{seen ? ": this is old" : ""}</Badge>;
  if (!seen) return <Badge>Measuring</Badge>;
  return (
    <Badge tone="ok" dot>
      Live
    </Badge>
  );
}

/**
 * The time that is shown: up to now while it runs, else up to the last thing that was seen. A container that is younger
 * than the range gets as much room as it has lived, and at least an eighth of the range.
 */
function useWindow(container: Container, range: Range, span: ReturnType<typeof measuredSpan>) {
  const now = useNow() / 1000;
  const { seconds } = ranges[range];
  const ended = !isRunning(container) && range === "15m" && span !== null;
  const to = ended ? span.last + 5 : Math.max(now, span?.last ?? 0);
  return { from: Math.max(to - seconds, Math.min(span?.first ?? 0, to - seconds / 8)), to };
}

function lifeMarks({ startedAt, finishedAt, state, reason }: Container): ChartMark[] {
  const marks: ChartMark[] = [];
  if (startedAt) marks.push({ at: Date.parse(startedAt) / 1000, label: "started", tone: "quiet" });
  if (finishedAt && (state === "exited" || state === "lost")) {
    const killed = reason === "out-of-memory";
    marks.push({
      at: Date.parse(finishedAt) / 1000,
      label: killed ? "out of memory" : "ended",
      tone: killed ? "bad" : "quiet",
    });
  }
  return marks;
}

/** The pauses that were seen while this page was open. */
function usePauses({ state }: Container): ChartSpan[] {
  const [ended, setEnded] = useState<ChartSpan[]>([]);
  const since = useRef<number | null>(null);
  const now = useNow() / 1000;
  const paused = state === "paused";
  useEffect(() => {
    if (!paused) return;
    const from = Date.now() / 1000;
    since.current = from;
    return () => {
      since.current = null;
      setEnded((before) => [...before, { from, to: Date.now() / 1000, label: "paused" }]);
    };
  }, [paused]);
  return since.current === null
    ? ended
    : [...ended, { from: since.current, to: Math.max(now, since.current), label: "paused" }];
}
