"use client";

import { Switch as Base } from "@base-ui/react/switch";
import { useId } from "react";
import { cn } from "./class-names.ts";

interface Props {
  checked: boolean;
  onCheckedChange: (checked: boolean) => void;
  label: string;
  hint?: string;
  /** What is wrong with it: stands in the hint's place. */
  error?: string | undefined;
}

/** On or off, with its name and what it does beside it. */
export function Switch({ checked, onCheckedChange, label, hint, error }: Props) {
  const id = useId();
  const note = error ?? hint;
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: Base UI's switch renders its input inside
    <label className="flex items-start justify-between gap-4">
      <span>
        <span id={id} className="block font-medium text-sm">
          {label}
        </span>
        {note && (
          <span id={`${id}-note`} className={cn("block text-xs", error === undefined ? "text-faint" : "text-bad")}>
            {note}
          </span>
        )}
      </span>
      <Base.Root
        aria-labelledby={id}
        aria-describedby={note ? `${id}-note` : undefined}
        aria-invalid={error !== undefined || undefined}
        checked={checked}
        onCheckedChange={onCheckedChange}
        className="mt-0.5 flex h-5 w-8.5 shrink-0 rounded-full bg-line-strong p-0.5 transition-colors data-checked:bg-ink"
      >
        <Base.Thumb className="size-4 rounded-full bg-surface shadow-card transition-[translate] data-checked:translate-x-3.5 data-checked:bg-on-ink" />
      </Base.Root>
    </label>
  );
}
