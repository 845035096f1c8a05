"use client";

import { Search, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/class-names.ts";
import { controlStyle } from "../ui/control-style.ts";
import { Select } from "../ui/select.tsx";
import { type AuditView, isNarrowed } from "./audit-query.ts";

interface Props {
  view: AuditView;
  onChange: (part: Partial<AuditView>) => void;
  onClear: () => void;
}

const resultItems = [
  { value: "", label: "Any result" },
  { value: "succeeded", label: "Succeeded" },
  { value: "failed", label: "Failed" },
  { value: "refused", label: "Refused" },
] as const;

const periodItems = [
  { value: "", label: "Any time" },
  { value: "1h", label: "Last hour" },
  { value: "1d", label: "Last day" },
  { value: "7d", label: "Last 7 days" },
  { value: "30d", label: "Last 30 days" },
] as const;

/** Narrows the audit by words, result, time and principal. */
export function AuditToolbar({ view, onChange, onClear }: Props) {
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(view.text);
  // What is typed leads; the address follows it, and is followed only when it was changed elsewhere.
  useEffect(() => {
    if (document.activeElement !== field.current || view.text === "") setText(view.text);
  }, [view.text]);
  return (
    <search className="mt-5 flex flex-wrap gap-2">
      <div className="relative min-w-0 basis-full sm:max-w-80 sm:flex-1 sm:basis-auto">
        <Search
          className="pointer-events-none absolute top-1/2 left-2.5 size-3.5 -translate-y-1/2 text-faint"
          aria-hidden="true"
        />
        <input
          ref={field}
          type="search"
          aria-label="Search the audit"
          placeholder="Search people, actions, names, addresses"
          maxLength={200}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            onChange({ text: event.target.value });
          }}
          className={cn(controlStyle, "pl-8")}
        />
      </div>
      <Select
        aria-label="Result"
        items={resultItems}
        value={view.result}
        onValueChange={(result) => onChange({ result })}
        className="min-w-0 flex-1 sm:w-36 sm:flex-none"
      />
      <Select
        aria-label="Time"
        items={periodItems}
        value={view.since}
        onValueChange={(since) => onChange({ since })}
        className="min-w-0 flex-1 sm:w-36 sm:flex-none"
      />
      {view.who && (
        <Button onClick={() => onChange({ who: "" })} aria-label={`Not only by ${view.who}`}>
          by {view.who}
          <X />
        </Button>
      )}
      {isNarrowed(view) && (
        <Button variant="ghost" onClick={onClear}>
          <X />
          Clear
        </Button>
      )}
    </search>
  );
}
