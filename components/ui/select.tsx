"use client";

import { Select as Base } from "@base-ui/react/select";
import { Check, ChevronsUpDown } from "lucide-react";
import { cn } from "./class-names.ts";
import { controlStyle } from "./field.tsx";

interface Props<T extends string> {
  items: readonly { value: T; label: string }[];
  value: T;
  onValueChange: (value: T) => void;
  className?: string;
  "aria-label"?: string;
}

/** A choice of one from a few. Inside a Field it takes that field's label. */
export function Select<T extends string>({ items, value, onValueChange, className, ...props }: Props<T>) {
  return (
    <Base.Root items={[...items]} value={value} onValueChange={(next) => next !== null && onValueChange(next)}>
      <Base.Trigger
        className={cn(controlStyle, "flex items-center justify-between gap-2 whitespace-nowrap", className)}
        {...props}
      >
        <Base.Value />
        <Base.Icon>
          <ChevronsUpDown className="size-3.5 text-faint" />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50 outline-hidden">
          <Base.Popup className="min-w-[var(--anchor-width)] rounded-lg border border-line bg-raised p-1 text-sm shadow-pop outline-hidden transition-opacity duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0">
            {items.map((item) => (
              <Base.Item
                key={item.value}
                value={item.value}
                className="grid cursor-default select-none grid-cols-[1fr_1rem] items-center gap-3 rounded-md px-2 py-1.5 outline-hidden data-highlighted:bg-hover"
              >
                <Base.ItemText>{item.label}</Base.ItemText>
                <Base.ItemIndicator>
                  <Check className="size-3.5" />
                </Base.ItemIndicator>
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
