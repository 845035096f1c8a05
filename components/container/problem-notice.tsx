import { TriangleAlert } from "lucide-react";
import type * as z from "zod";
import type { KernelCause, Problem } from "@/lib/contract/problem.ts";
import { Button } from "../ui/button.tsx";
import { Prose } from "../ui/prose.tsx";

interface Props {
  problem: Problem;
  onShowTrace?: (() => void) | undefined;
  onRetry?: (() => void) | undefined;
}

/** Why something failed: in words, with the kernel's own answer, and what to do. */
export function ProblemNotice({ problem, onShowTrace, onRetry }: Props) {
  const { title, detail, remedy, cause } = problem;
  return (
    <div role="alert" className="mt-4 flex animate-rise gap-3 rounded-xl border border-bad/25 bg-bad-soft p-4 text-sm">
      <TriangleAlert className="mt-0.5 size-4 shrink-0 text-bad" aria-hidden="true" />
      <div className="min-w-0 flex-1">
        <p className="font-medium">{title}</p>
        <p className="mt-0.5 text-pretty break-words text-soft">
          <Prose>{detail}</Prose>
        </p>
        {remedy && (
          <p className="mt-1.5 text-pretty text-soft">
            <Prose>{remedy}</Prose>
          </p>
        )}
        {(cause || onShowTrace || onRetry) && (
          <div className="mt-2.5 flex flex-wrap items-center gap-2">
            {cause && <Cause cause={cause} />}
            {onShowTrace && (
              <Button size="sm" onClick={onShowTrace}>
                Show trace
              </Button>
            )}
            {onRetry && (
              <Button size="sm" onClick={onRetry}>
                Try again
              </Button>
            )}
          </div>
        )}
      </div>
    </div>
  );
}

function Cause({ cause: { call, subject, errno, errnoName } }: { cause: z.infer<typeof KernelCause> }) {
  return (
    <p className="min-w-0 max-w-full wrap-anywhere rounded-md border border-bad/20 bg-surface px-2 py-1 font-mono text-xs">
      {call}(<span className="text-soft">{subject}</span>) ={" "}
      <span className="whitespace-nowrap text-bad">{errnoName ?? errno}</span>
    </p>
  );
}
