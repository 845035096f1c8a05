import type { ReactNode } from "react";
import { cn } from "./class-names.ts";

interface Props {
  title: string;
  /** Beside the title, at the right. */
  aside?: ReactNode;
  className?: string;
  children: ReactNode;
}

/** A part of a page with a name of its own. */
export function Card({ title, aside, className, children }: Props) {
  return (
    <section
      aria-label={title}
      className={cn("flex min-w-0 flex-col overflow-hidden rounded-xl border bg-surface shadow-card", className)}
    >
      <header className="flex min-h-11 items-center justify-between gap-3 border-b px-4">
        <h2 className="font-semibold text-sm tracking-tight">{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  );
}
