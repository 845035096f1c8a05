import type { Problem } from "@/lib/contract/problem.ts";
import { ProblemNotice } from "../container/problem-notice.tsx";

/** A problem that is about no field. It comes into view: whoever has asked may be at the other end of a long form. */
export function FormProblem({ problem }: { problem: Problem }) {
  return (
    <div ref={bringIntoView}>
      <ProblemNotice problem={problem} />
    </div>
  );
}

const bringIntoView = (element: HTMLElement | null) => element?.scrollIntoView({ block: "center" });
