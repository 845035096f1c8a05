"use client";

import { Tabs as Base } from "@base-ui/react/tabs";
import type { ReactNode } from "react";
import { cn } from "./class-names.ts";

const tabStyle =
  "h-7 select-none rounded-md px-2 text-soft text-xs outline-none transition-colors hover:text-ink focus-visible:outline-2 focus-visible:outline-accent any-pointer-coarse:h-10 any-pointer-coarse:px-3 data-active:bg-hover data-active:font-medium data-active:text-ink";

interface Props<T extends string> {
  label: string;
  items: readonly { id: T; label: ReactNode }[];
  value: T;
  onValueChange: (value: T) => void;
  className?: string;
  children?: ReactNode;
}

/** A few views of one thing, one at a time. The children are {@link TabPanel}s. */
export function Tabs<T extends string>({ label, items, value, onValueChange, className, children }: Props<T>) {
  return (
    <Base.Root value={value} onValueChange={(next) => onValueChange(next as T)} className={className}>
      <Base.List aria-label={label} className="flex gap-0.5">
        {items.map((item) => (
          <Base.Tab key={item.id} value={item.id} className={tabStyle}>
            {item.label}
          </Base.Tab>
        ))}
      </Base.List>
      {children}
    </Base.Root>
  );
}

export function TabPanel({ value, className, children }: { value: string; className?: string; children: ReactNode }) {
  return (
    <Base.Panel value={value} className={cn("outline-none", className)}>
      {children}
    </Base.Panel>
  );
}
