import { Minus, Plus, Search, X } from "lucide-react";
import type { RefObject } from "react";
import { tracedSettings } from "@/lib/contract/trace-settings.ts";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/class-names.ts";
import { controlStyle } from "../ui/control-style.ts";
import { Segmented } from "../ui/segmented.tsx";
import type { TraceFilter } from "./trace-model.ts";

interface Props {
  filter: TraceFilter;
  onChange: (part: Partial<TraceFilter>) => void;
  shown: number;
  total: number;
  field: RefObject<HTMLInputElement | null>;
  /** Whether another trace is shown beside this one. */
  compared: boolean;
  zoomed: boolean;
  /** What the button says that shows all of it. */
  whole: string;
  onZoom: (factor: number | null) => void;
  /** Goes from the words to what they found. */
  onLeave: () => void;
}

const sides = [
  { value: "all", label: "Both sides" },
  { value: "host", label: "Host" },
  { value: "child", label: "Container" },
] as const;
const kinds = [
  { value: "all", label: "All" },
  { value: "slow", label: "Slow" },
  { value: "failed", label: "Failed" },
] as const;
const different = { value: "differs", label: "Different" } as const;

/** Narrows the timeline by words, side, length and outcome, and zooms it. */
export function TraceToolbar({
  filter,
  onChange,
  shown,
  total,
  field,
  compared,
  zoomed,
  whole,
  onZoom,
  onLeave,
}: Props) {
  const { setting } = filter;
  return (
    <search className="flex flex-wrap items-center gap-2 border-b px-4 py-2.5">
      <div className="relative min-w-0 basis-full sm:w-64 sm:flex-none sm:basis-auto">
        <Search
          className="pointer-events-none absolute top-1/2 left-2.5 size-3.5 -translate-y-1/2 text-faint"
          aria-hidden="true"
        />
        <input
          ref={field}
          type="search"
          aria-label="Search steps"
          aria-keyshortcuts="/"
          placeholder="Search steps, calls, paths"
          value={filter.words}
          onChange={(event) => onChange({ words: event.target.value })}
          onKeyDown={(event) => {
            if (event.key !== "Enter" && event.key !== "ArrowDown") return;
            event.preventDefault();
            onLeave();
          }}
          className={cn(controlStyle, "pl-8")}
        />
      </div>
      <Segmented label="Side" items={sides} value={filter.side} onValueChange={(side) => onChange({ side })} />
      <Segmented
        label="Which steps"
        items={compared ? [...kinds, different] : kinds}
        value={filter.only}
        onValueChange={(only) => onChange({ only })}
      />
      {setting && (
        <Button size="sm" onClick={() => onChange({ setting: null })} aria-label="Show the steps of every setting">
          For {tracedSettings[setting]}
          <X />
        </Button>
      )}
      <p className="text-faint text-xs tabular-nums" aria-live="polite">
        {shown < total && `${shown} of ${total}`}
      </p>
      <div className="ml-auto hidden items-center gap-1 sm:flex">
        {zoomed && (
          <Button variant="ghost" size="sm" onClick={() => onZoom(null)}>
            {whole}
          </Button>
        )}
        <Button variant="ghost" size="icon" aria-label="Zoom out" disabled={!zoomed} onClick={() => onZoom(2)}>
          <Minus />
        </Button>
        <Button variant="ghost" size="icon" aria-label="Zoom in" onClick={() => onZoom(0.5)}>
          <Plus />
        </Button>
      </div>
    </search>
  );
}
