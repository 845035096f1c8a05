import { TriangleAlert } from "lucide-react";
import type { z } from "zod";
import type { KernelCause, Problem } from "@/lib/contract/problem.ts";
import { Button } from "../ui/button.tsx";

interface Props {
  problem: Problem;
  onShowTrace?: (() => void) | undefined;
}

/** Why something failed: in words, with the kernel's own answer, and what to do. */
export function ProblemNotice({ problem, onShowTrace }: Props) {
  const { title, detail, remedy, cause } = problem;
  return (
    <div role="alert" className="mt-4 flex animate-rise gap-3 rounded-xl border border-bad/25 bg-bad/6 p-4 text-sm">
      <TriangleAlert className="mt-0.5 size-4 shrink-0 text-bad" aria-hidden="true" />
      <div className="min-w-0 flex-1">
        <p className="font-medium">{title}</p>
        <p className="mt-0.5 text-pretty break-words text-soft">{detail}</p>
        {remedy && <p className="mt-1.5 text-pretty text-soft">{remedy}</p>}
        {cause && <Cause cause={cause} />}
      </div>
      {onShowTrace && (
        <Button size="sm" onClick={onShowTrace}>
          Show trace
        </Button>
      )}
    </div>
  );
}

function Cause({ cause: { call, subject, errno, errnoName } }: { cause: z.infer<typeof KernelCause> }) {
  return (
    <p className="mt-2.5 w-fit max-w-full break-all rounded-md border border-bad/20 bg-surface px-2 py-1 font-mono text-xs">
      {call}(<span className="text-soft">{subject}</span>) = <span className="text-bad">{errnoName ?? errno}</span>
    </p>
  );
}
