import { ArrowRight } from "lucide-react";
import Link from "next/link";
import type { LabSummary } from "@/lib/contract/lab.ts";
import { formatCount } from "../format.ts";

/** Every lab as a card, in the order in which they build on each other. */
export function LabList({ labs }: { labs: readonly LabSummary[] }) {
  return (
    <ol className="mt-5 grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
      {labs.map(({ name, title, summary, tasks }, index) => (
        <li key={name} className="flex">
          <Link
            href={`/labs/${name}`}
            className="group flex w-full flex-col rounded-xl border bg-surface p-5 shadow-card transition-[border-color,box-shadow] hover:border-line-strong hover:shadow-lift"
          >
            <span className="font-mono text-faint text-xs tabular-nums">{String(index + 1).padStart(2, "0")}</span>
            <div className="mt-2 flex items-center gap-2">
              <h2 className="font-semibold text-lg tracking-tight">{title}</h2>
              <ArrowRight
                className="-translate-x-1 size-4 text-accent opacity-0 transition group-hover:translate-x-0 group-hover:opacity-100"
                aria-hidden="true"
              />
            </div>
            <p className="mt-1 text-pretty text-soft text-sm">{summary}</p>
            <p className="mt-auto flex items-baseline justify-between gap-3 pt-5 text-faint text-xs">
              <code className="truncate font-mono">minirun lab {name}</code>
              <span className="shrink-0">{formatCount(tasks, "task")}</span>
            </p>
          </Link>
        </li>
      ))}
    </ol>
  );
}
