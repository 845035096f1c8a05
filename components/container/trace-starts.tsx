import type { TraceSummary } from "@/lib/contract/trace.ts";
import { formatDuration } from "../format.ts";
import { Select } from "../ui/select.tsx";

interface Props {
  traces: readonly TraceSummary[];
  /** Operation ids; null stands for the last start, and for none. */
  shown: string | null;
  beside: string | null;
  onChange: (change: { start?: string | null; beside?: string | null }) => void;
}

/** Which start is shown, and which one beside it; nothing while there is but one. */
export function TraceStarts({ traces, shown, beside, onChange }: Props) {
  const [last, ...earlier] = traces;
  if (!last || earlier.length === 0) return null;
  const current = shown ?? last.operationId;
  const others = traces.filter(({ operationId }) => operationId !== current);
  return (
    <div className="flex min-w-0 gap-2 max-sm:w-full">
      <Select
        aria-label="Start"
        className="min-w-0 sm:w-52 max-sm:flex-1"
        items={[{ value: "", label: "Last start" }, ...earlier.map(item)]}
        value={shown ?? ""}
        onValueChange={(value) => onChange({ start: value || null, ...(value === beside && { beside: null }) })}
      />
      <Select
        aria-label="Beside it"
        className="min-w-0 sm:w-52 max-sm:flex-1"
        items={[{ value: "", label: "Compare with…" }, ...others.map(item)]}
        value={beside ?? ""}
        onValueChange={(value) => onChange({ beside: value || null })}
      />
    </div>
  );
}

function item({ operationId, startedAt, totalNs, failedStep }: TraceSummary) {
  const when = new Date(startedAt).toLocaleString([], { dateStyle: "short", timeStyle: "medium" });
  return {
    value: operationId,
    label: `${when} · ${failedStep === null ? formatDuration(totalNs) : `failed at ${failedStep}`}`,
  };
}
