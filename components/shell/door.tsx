import type { ReactNode } from "react";
import type { Problem } from "@/lib/contract/problem.ts";
import { Logo } from "../brand/logo.tsx";
import { Prose } from "../ui/prose.tsx";

/** The page in front of the product: its name, and a card with what lets in. */
export function Door({ title, lead, children }: { title: string; lead: ReactNode; children: ReactNode }) {
  return (
    <main className="relative isolate flex flex-1 flex-col items-center justify-center px-4 py-16">
      <div className="-z-10 absolute inset-0 bg-grid" aria-hidden="true" />
      <Logo className="size-12" />
      <h1 className="mt-5 text-balance text-center font-semibold text-2xl tracking-[-0.025em]">{title}</h1>
      <p className="mt-1 text-balance text-center text-soft">{lead}</p>
      <div className="mt-8 w-full max-w-sm rounded-xl border bg-surface p-5 shadow-pop">{children}</div>
    </main>
  );
}

/** Why it did not let in, and what to do. */
export function Refusal({
  problem: { title, detail, remedy },
}: {
  problem: Pick<Problem, "title" | "detail" | "remedy">;
}) {
  return (
    <div role="alert" className="rounded-lg border border-bad/25 bg-bad-soft px-3 py-2.5 text-sm">
      <p className="font-medium">{title}</p>
      <p className="mt-0.5 text-pretty text-soft text-xs">
        <Prose>{detail}</Prose>
      </p>
      {remedy && (
        <p className="mt-1 text-pretty text-soft text-xs">
          <Prose>{remedy}</Prose>
        </p>
      )}
    </div>
  );
}
