"use client";

import { ListTree } from "lucide-react";
import { useMemo, useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import { api, problemFrom } from "../api.ts";
import { ProblemNotice } from "../container/problem-notice.tsx";
import type { Signal } from "../container/signals.ts";
import { isRunning } from "../containers/describe.ts";
import { formatCount } from "../format.ts";
import { useRefusal } from "../shell/role.tsx";
import { Badge } from "../ui/badge.tsx";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Segmented } from "../ui/segmented.tsx";
import { Select } from "../ui/select.tsx";
import { RowsSkeleton } from "../ui/skeleton.tsx";
import { toastDone, toastProblem } from "../ui/toaster.tsx";
import { flat, type Process, type SortKey, tree } from "./process-model.ts";
import { ProcessTable } from "./process-table.tsx";
import { useProcesses } from "./use-processes.ts";

const shapes = [
  { value: "tree", label: "Tree" },
  { value: "flat", label: "Flat" },
] as const;

const sorts: { value: SortKey; label: string }[] = [
  { value: "cpu", label: "By CPU" },
  { value: "memory", label: "By memory" },
  { value: "time", label: "By CPU time" },
  { value: "pid", label: "By pid" },
];

/** The processes of a container, as it and as the host count them, and signals for each. */
export function ProcessesView({ container }: { container: Container }) {
  const { list, processes, problem, refresh } = useProcesses(container);
  const maySend = useRefusal("operator") === null;
  const [shape, setShape] = useState<"tree" | "flat">("tree");
  const [sort, setSort] = useState<SortKey>("pid");
  const [toKill, setToKill] = useState<Process | null>(null);
  const rows = useMemo(() => (shape === "tree" ? tree : flat)(processes, sort), [shape, processes, sort]);

  const send = async (process: Process, signal: Signal) => {
    setToKill(null);
    try {
      await api.call("signalProcess", { params: { name: container.id, pid: String(process.pid) }, body: { signal } });
      toastDone(`${signal} sent to ${process.pid}`);
      refresh();
    } catch (error) {
      toastProblem(problemFrom(error));
    }
  };

  return (
    <div>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <Segmented label="Shape" items={shapes} value={shape} onValueChange={setShape} />
        <Select aria-label="Order" items={sorts} value={sort} onValueChange={setSort} className="w-36" />
        <Summary container={container} total={list?.total ?? null} shown={processes.length} old={problem !== null} />
      </div>
      {problem && <ProblemNotice problem={problem} />}
      {list === null && !problem && (isRunning(container) ? <Loading /> : <NothingRuns container={container} />)}
      {list !== null && (
        <ProcessTable
          rows={rows}
          sort={sort}
          onSort={setSort}
          live={isRunning(container) && maySend}
          onSignal={(process, signal) => (signal === "SIGKILL" ? setToKill(process) : void send(process, signal))}
        />
      )}
      <ConfirmDialog
        open={toKill !== null}
        onOpenChange={(open) => !open && setToKill(null)}
        title={`Kill process ${toKill?.pid ?? ""}?`}
        action="Kill"
        pending={false}
        onConfirm={() => toKill && void send(toKill, "SIGKILL")}
      >
        It ends at once and cannot save anything.
        {toKill?.pid === 1 && ` It is the first process: ${container.name} ends with it.`}
      </ConfirmDialog>
    </div>
  );
}

interface SummaryProps {
  container: Container;
  total: number | null;
  shown: number;
  old: boolean;
}

function Summary({ container, total, shown, old }: SummaryProps) {
  if (!isRunning(container)) return total === null ? null : <Badge>Ended: these ran last</Badge>;
  if (old) return <Badge tone="warn">Cannot be read now{total === null ? "" : ": this is old"}</Badge>;
  if (container.state === "paused") return <Badge tone="warn">Paused: none of them runs</Badge>;
  if (total === null) return null;
  return (
    <span className="text-soft text-sm tabular-nums">
      {formatCount(total, "process", "processes")}
      {total > shown && <span className="text-faint">, the first {shown.toLocaleString("en-US")} are shown</span>}
    </span>
  );
}

function NothingRuns({ container }: { container: Container }) {
  return (
    <EmptyState icon={<ListTree />} title="Nothing runs">
      {container.name} has no processes now. Once it is started, they are listed here.
    </EmptyState>
  );
}

function Loading() {
  return <RowsSkeleton label="Loading the processes" rows={4} />;
}
