import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "./class-names.ts";
import { controlStyle } from "./control-style.ts";

interface Props<T extends string> extends Omit<ComponentProps<"select">, "value" | "onChange"> {
  items: readonly { value: T; label: string }[];
  value: T;
  onValueChange: (value: T) => void;
}

/** A choice of one from a few: the browser's own, which works everywhere; globals.css styles its list where it can. */
export function Select<T extends string>({ items, value, onValueChange, className, ...props }: Props<T>) {
  return (
    <span className={cn("relative block min-w-0", className)}>
      <select
        {...props}
        value={value}
        onChange={(event) => {
          const chosen = items.find((item) => item.value === event.target.value);
          if (chosen) onValueChange(chosen.value);
        }}
        className={cn(
          controlStyle,
          "styled-select cursor-pointer overflow-clip whitespace-nowrap pr-8 [overflow-clip-margin:content-box]",
        )}
      >
        {items.map((item) => (
          <option key={item.value} value={item.value}>
            {item.label}
          </option>
        ))}
      </select>
      <ChevronDown
        className="pointer-events-none absolute top-1/2 right-2.5 size-3.5 -translate-y-1/2 text-faint"
        aria-hidden="true"
      />
    </span>
  );
}
