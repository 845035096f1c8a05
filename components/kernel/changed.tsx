"use client";

import { useState } from "react";
import { cn } from "../ui/class-names.ts";

/** A figure that is marked softly for a moment when it has changed. */
export function Changed({ children, className }: { children: string; className?: string }) {
  const [shown, setShown] = useState({ text: children, changes: 0 });
  if (shown.text !== children) setShown({ text: children, changes: shown.changes + 1 });
  return (
    <span
      key={shown.changes}
      className={cn("rounded-xs", shown.changes > 0 && "animate-mark motion-reduce:animate-none", className)}
    >
      {children}
    </span>
  );
}
