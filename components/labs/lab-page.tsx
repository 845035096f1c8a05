"use client";

import { useState } from "react";
import type { LabInfo, LabRun } from "@/lib/contract/lab.ts";
import { ProblemNotice } from "../container/problem-notice.tsx";
import type { Pane } from "../terminal/pane.ts";
import { LabTasks } from "./lab-tasks.tsx";
import { LabTerminal } from "./lab-terminal.tsx";
import { useLabRun } from "./use-lab-run.ts";

/** A lab's run beside its tasks. */
export function LabPage({ lab, initial }: { lab: LabInfo; initial: LabRun | null | undefined }) {
  const view = useLabRun(lab.name, initial);
  const [pane, setPane] = useState<Pane | null>(null);
  const isRunning = view.run?.state === "running";
  const type = (command: string) => {
    pane?.client.send(new TextEncoder().encode(command));
    pane?.screen.focus();
  };
  return (
    <>
      {view.problem && <ProblemNotice problem={view.problem} />}
      <div className="mt-5 grid gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <LabTerminal lab={lab.name} view={view} onPane={setPane} />
        <LabTasks lab={lab} run={view.run} onType={pane && isRunning ? type : null} />
      </div>
    </>
  );
}
