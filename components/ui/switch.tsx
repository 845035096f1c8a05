"use client";

import { Switch as Base } from "@base-ui/react/switch";
import { useId } from "react";

interface Props {
  checked: boolean;
  onCheckedChange: (checked: boolean) => void;
  label: string;
  hint?: string;
}

/** On or off, with its name and what it does beside it. */
export function Switch({ checked, onCheckedChange, label, hint }: Props) {
  const id = useId();
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: Base UI's switch renders its input inside
    <label className="flex items-start justify-between gap-4">
      <span>
        <span id={id} className="block font-medium text-sm">
          {label}
        </span>
        {hint && (
          <span id={`${id}-hint`} className="block text-faint text-xs">
            {hint}
          </span>
        )}
      </span>
      <Base.Root
        aria-labelledby={id}
        aria-describedby={hint ? `${id}-hint` : undefined}
        checked={checked}
        onCheckedChange={onCheckedChange}
        className="mt-0.5 flex h-5 w-8.5 shrink-0 rounded-full bg-line-strong p-0.5 transition-colors data-checked:bg-ink"
      >
        <Base.Thumb className="size-4 rounded-full bg-surface shadow-card transition-[translate] data-checked:translate-x-3.5 data-checked:bg-on-ink" />
      </Base.Root>
    </label>
  );
}
