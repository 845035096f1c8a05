import { type TraceSummary, traceKind } from "@/lib/contract/trace.ts";
import { Select } from "../ui/select.tsx";
import { choiceOf, kindOf, refOf } from "./trace-choice.ts";

interface Props {
  traces: readonly TraceSummary[];
  /** Whether a run has ended already. */
  hasEnded: boolean;
  /** As the address names traces; null stands for the last start, and for none. */
  shown: string | null;
  beside: string | null;
  onChange: (change: { start?: string | null; beside?: string | null }) => void;
}

/** Which trace is shown, of a start, an end or a command, and which one of its kind beside it. */
export function TraceChoices({ traces, hasEnded, shown, beside, onChange }: Props) {
  const starts = traces.filter((one) => traceKind(one) === "start");
  const [lastStart] = starts;
  const [lastEnd] = traces.filter((one) => traceKind(one) === "end");
  const choices = [
    { value: "", label: "Last start" },
    ...(hasEnded ? [{ value: "end", label: "Last end" }] : []),
    ...traces.filter((one) => one !== lastStart).map(choiceOf),
  ];
  const kind = kindOf(shown, traces);
  const newest = kind === "start" ? lastStart : lastEnd;
  const current = shown === null || shown === "end" ? newest && refOf(newest) : shown;
  const others = traces.filter((one) => traceKind(one) === kind && refOf(one) !== current);
  return (
    <div className="flex min-w-0 gap-2 max-sm:w-full">
      {choices.length > 1 && (
        <Select
          aria-label="Trace"
          className="min-w-0 max-sm:flex-1 sm:w-56"
          items={choices}
          value={shown ?? ""}
          onValueChange={(value) => {
            const start = value || null;
            const fits = beside !== null && beside !== start && kindOf(start, traces) === kind;
            onChange({ start, ...(!fits && { beside: null }) });
          }}
        />
      )}
      {others.length > 0 && (
        <Select
          aria-label="Beside it"
          className="min-w-0 max-sm:flex-1 sm:w-64"
          items={[{ value: "", label: "Compare with…" }, ...others.map(choiceOf)]}
          value={beside ?? ""}
          onValueChange={(value) => onChange({ beside: value || null })}
        />
      )}
    </div>
  );
}
