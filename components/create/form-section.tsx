import type { ReactNode } from "react";
import { Badge } from "../ui/badge.tsx";
import { cn } from "../ui/class-names.ts";

interface Props {
  title: string;
  columns?: 1 | 2 | 3;
  /** Marks what a container must not run for. */
  needsStop?: boolean;
  aside?: ReactNode;
  children: ReactNode;
}

/** A part of the form with a name of its own. */
export function FormSection({ title, columns = 2, needsStop = false, aside, children }: Props) {
  return (
    <fieldset className="min-w-0 rounded-xl border bg-surface p-4 shadow-card sm:p-5">
      <legend className="float-left mb-4 flex w-full flex-wrap items-center gap-2">
        <span className="font-semibold text-base tracking-tight">{title}</span>
        {needsStop && <Badge tone="warn">Needs a stop</Badge>}
        {aside && <span className="ml-auto">{aside}</span>}
      </legend>
      <div
        className={cn("clear-both grid gap-4", columns === 3 && "sm:grid-cols-3", columns === 2 && "sm:grid-cols-2")}
      >
        {children}
      </div>
    </fieldset>
  );
}
