"use client";

import { Toggle } from "@base-ui/react/toggle";
import { ToggleGroup } from "@base-ui/react/toggle-group";
import type { ReactNode } from "react";
import { cn } from "./class-names.ts";

interface Props<T extends string> {
  label: string;
  items: readonly { value: T; label: ReactNode }[];
  value: T;
  onValueChange: (value: T) => void;
  className?: string;
}

/** A choice of one from two to five, all of them in sight. */
export function Segmented<T extends string>({ label, items, value, onValueChange, className }: Props<T>) {
  return (
    <ToggleGroup
      aria-label={label}
      value={[value]}
      onValueChange={([next]) => next !== undefined && onValueChange(next as T)}
      className={cn("flex shrink-0 rounded-md border border-line-strong bg-surface p-0.5 shadow-card", className)}
    >
      {items.map((item) => (
        <Toggle
          key={item.value}
          value={item.value}
          className="h-6.5 select-none whitespace-nowrap rounded-[5px] px-2.5 text-soft text-xs transition-colors hover:text-ink any-pointer-coarse:h-9 any-pointer-coarse:px-3 data-pressed:bg-hover data-pressed:font-medium data-pressed:text-ink"
        >
          {item.label}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}
