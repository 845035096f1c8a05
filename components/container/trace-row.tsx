import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import type { Problem } from "@/lib/contract/problem.ts";
import type { TraceKind } from "@/lib/contract/trace.ts";
import { type TracedSetting, tracedSettings } from "@/lib/contract/trace-settings.ts";
import { traceGroups } from "@/lib/contract/trace-steps.ts";
import { formatChange, formatDuration } from "../format.ts";
import { cn } from "../ui/class-names.ts";
import { Prose } from "../ui/prose.tsx";
import { kindWords } from "./trace-choice.ts";
import { groupSurface } from "./trace-colors.ts";
import { place, type Span, type TraceRow } from "./trace-model.ts";

interface Props {
  row: TraceRow;
  kind: TraceKind;
  span: Span;
  totalNs: number;
  open: boolean;
  onToggle: () => void;
  /** Why the start failed, in the row where it did. */
  problem: Problem | null;
  onShowSetting: (setting: TracedSetting) => void;
}

/** Number, step, call, bar, time; the bar is below the name where there is no room beside it. */
export const rowGrid =
  "grid grid-cols-[1.75rem_minmax(0,1fr)_4.25rem] items-center gap-x-2.5 md:grid-cols-[1.75rem_10.5rem_minmax(0,1fr)_minmax(10rem,34%)_4.25rem] md:gap-x-3";

/** One step: where it lies in the start; opened, what it was given, what it means and who asked for it. */
export function Row({ row, kind, span, totalNs, open, onToggle, problem, onShowSetting }: Props) {
  const { step, number, meaning } = row;
  const failed = step.errno !== 0 || problem !== null;
  return (
    <li className={cn("border-b last:border-b-0", failed && "bg-bad-soft", open && !failed && "bg-hover")}>
      <button
        type="button"
        data-step={number}
        aria-expanded={open}
        onClick={onToggle}
        className={cn(
          rowGrid,
          "w-full scroll-mt-40 px-4 py-1.5 text-left text-xs outline-offset-[-2px] hover:bg-hover max-md:py-2",
        )}
      >
        <span className="text-right text-faint tabular-nums">{number}</span>
        <span className="flex min-w-0 items-center gap-1.5">
          <ChevronRight
            className={cn("size-3 shrink-0 text-faint transition-transform", open && "rotate-90")}
            aria-hidden="true"
          />
          <span className="truncate font-medium">{step.name}</span>
          <span className="sr-only">
            , {traceGroups.find(({ id }) => id === meaning.group)?.label},{" "}
            {step.side === "child" ? "in the container" : "on the host"}
          </span>
        </span>
        <code className="hidden truncate font-mono text-soft md:block">
          <span className="text-ink">{step.call}</span>
          {step.arguments && `(${step.arguments})`}
          {step.errno !== 0 && <span className="font-medium text-bad"> = {step.errnoName ?? step.errno}</span>}
        </code>
        <Bar row={row} span={span} failed={failed} />
        <span className="col-start-3 row-start-1 text-right text-soft tabular-nums md:col-start-5">
          {formatDuration(step.durationNs)}
          {row.other !== undefined && <Change row={row} />}
        </span>
      </button>
      {open && <Detail row={row} kind={kind} totalNs={totalNs} problem={problem} onShowSetting={onShowSetting} />}
    </li>
  );
}

/** How much longer or shorter than in the other one, and whether it was given something else. */
function Change({ row: { step, other, differs } }: { row: TraceRow }) {
  if (!other) return <span className="block text-2xs text-warn">new</span>;
  const change = step.durationNs - other.durationNs;
  return (
    <span className={cn("block text-2xs", differs ? "text-warn" : "text-faint")}>
      {differs && <span className="sr-only">different, </span>}
      {formatChange(change)}
    </span>
  );
}

function Bar({ row: { step, meaning, other }, span, failed }: { row: TraceRow; span: Span; failed: boolean }) {
  const at = place(step, span);
  const before = other ? place(other, span) : null;
  return (
    <span
      className="relative col-span-2 col-start-2 row-start-2 mt-1 h-1.5 overflow-hidden md:col-span-1 md:col-start-4 md:row-start-1 md:mt-0 md:h-3.5"
      aria-hidden="true"
    >
      {at && (
        <span
          className={cn(
            "absolute inset-y-0 min-w-[3px] rounded-[3px] md:inset-y-0.5",
            failed ? "bg-bad" : groupSurface[meaning.group],
            step.side === "host" && !failed && "opacity-75",
          )}
          style={{ left: `min(${at.left}%, calc(100% - 3px))`, width: `${at.width}%` }}
        />
      )}
      {before && (
        <span
          className="absolute bottom-0 h-0.5 min-w-[3px] bg-ink/50"
          style={{ left: `min(${before.left}%, calc(100% - 3px))`, width: `${before.width}%` }}
        />
      )}
    </span>
  );
}

interface DetailProps {
  row: TraceRow;
  kind: TraceKind;
  totalNs: number;
  problem: Problem | null;
  onShowSetting: (setting: TracedSetting) => void;
}

function Detail({
  row: { step, meaning, setting, other, differs },
  kind,
  totalNs,
  problem,
  onShowSetting,
}: DetailProps) {
  const percent = (step.durationNs / Math.max(totalNs, 1)) * 100;
  return (
    <div className="px-4 pt-1 pb-4 text-sm max-md:pl-13 md:pl-[3.4rem]">
      {problem && (
        <div className="mb-3 max-w-3xl border-bad border-l-2 pl-3">
          <p className="font-medium text-bad">{problem.title}</p>
          <p className="text-pretty break-words">
            <Prose>{problem.detail}</Prose>
          </p>
          {problem.remedy && (
            <p className="mt-1 text-pretty text-soft">
              <span className="font-medium text-ink">What to do: </span>
              <Prose>{problem.remedy}</Prose>
            </p>
          )}
        </div>
      )}
      {meaning.says && <p className="max-w-3xl text-pretty">{meaning.says}</p>}
      {other && differs && (
        <p className="mt-2 max-w-3xl text-warn text-xs">
          The other one was given <code className="wrap-anywhere font-mono">{other.arguments || "nothing"}</code>
          {other.errno !== step.errno && ` and answered ${other.errnoName ?? "success"}`}.
        </p>
      )}
      <dl className="mt-3 grid max-w-3xl grid-cols-[5.5rem_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-xs">
        <Fact name="Call">
          <code className="wrap-anywhere font-mono">
            {step.call}
            <span className="text-soft">({step.arguments})</span>
          </code>
        </Fact>
        <Fact name="Answer">
          {step.errno === 0 ? (
            "success"
          ) : (
            <span className="text-bad">
              {step.errnoName} ({step.errno})
            </span>
          )}
        </Fact>
        <Fact name="Manual page">
          <code className="font-mono">{meaning.manual}</code>
        </Fact>
        <Fact name="When">
          {formatDuration(step.startNs)} into it, for {formatDuration(step.durationNs)}
          {meaning.group !== "waiting" && `: ${percent < 0.1 ? "less than 0.1" : percent.toFixed(1)} % of it`}
        </Fact>
        <Fact name="Where">
          {step.side === "child"
            ? kindWords[kind].child
            : step.side === "host"
              ? "on the host, in the container's shim"
              : "in a process between host and container"}
        </Fact>
        <Fact name="Asked for by">
          {step.setting ? (
            <>
              <code className="wrap-anywhere font-mono">{step.setting}</code>{" "}
              <span className="text-faint">in config.json</span>
            </>
          ) : (
            kindWords[kind].byItself
          )}
          {setting && (
            <>
              {" · "}
              <button type="button" className="text-accent hover:underline" onClick={() => onShowSetting(setting)}>
                {tracedSettings[setting]} in Configuration
              </button>
            </>
          )}
        </Fact>
      </dl>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-faint">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}
