import type { ComponentProps } from "react";
import { useEffect, useRef } from "react";
import { cn } from "./class-names.ts";

interface Props extends Omit<ComponentProps<"input">, "type" | "ref" | "onChange"> {
  indeterminate?: boolean;
  onCheckedChange?: (checked: boolean, event: { shiftKey: boolean }) => void;
}

/** The browser's own checkbox in our colours; `indeterminate` says that a part of a whole is chosen. */
export function Checkbox({ indeterminate = false, onCheckedChange, className, ...props }: Props) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (input.current) input.current.indeterminate = indeterminate;
  }, [indeterminate]);
  return (
    <input
      ref={input}
      type="checkbox"
      className={cn("checkbox", className)}
      onChange={(event) =>
        onCheckedChange?.(event.target.checked, { shiftKey: (event.nativeEvent as MouseEvent).shiftKey === true })
      }
      {...props}
    />
  );
}
