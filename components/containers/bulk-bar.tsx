"use client";

import { X } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import { formatCount } from "../format.ts";
import { useRefusal } from "../shell/role.tsx";
import { Button, buttonStyle } from "../ui/button.tsx";
import { Progress } from "../ui/progress.tsx";
import { isRunning } from "./describe.ts";
import { type Action, actionWords, possibleActions } from "./run-action.ts";
import { useBulk } from "./use-bulk.ts";

const ConfirmDialog = dynamic(() => import("../ui/confirm-dialog.tsx").then((part) => part.ConfirmDialog), {
  ssr: false,
});

const offered: readonly Action[] = ["start", "stop", "restart", "pause", "resume", "kill"];

interface Props {
  chosen: readonly Container[];
  onChosen: (ids: readonly string[]) => void;
}

/** What can be done with all that are chosen, and how far it is. Those that it failed for stay chosen. */
export function BulkBar({ chosen, onChosen }: Props) {
  const [dialog, setDialog] = useState<"unused" | "open" | "closed">("unused");
  const { progress, run } = useBulk(onChosen);
  const refusal = useRefusal("operator");
  if (chosen.length === 0 && !progress) return null;
  const fitting = (action: Action) => chosen.filter((container) => possibleActions(container).includes(action));
  const running = chosen.filter(isRunning).length;
  return (
    <section
      aria-label="Selected containers"
      className="sticky bottom-4 z-20 mx-auto mt-4 w-full max-w-2xl animate-rise rounded-xl border bg-raised p-2 shadow-pop"
    >
      {progress ? (
        <div className="px-2 py-1" role="status">
          <p className="flex justify-between text-sm tabular-nums">
            <span>{actionWords[progress.action].label}…</span>
            <span className="text-soft">
              {progress.done} of {progress.total}
            </span>
          </p>
          <Progress
            label={actionWords[progress.action].label}
            value={progress.done / progress.total}
            className="mt-2"
          />
        </div>
      ) : (
        <div className="flex flex-wrap items-center gap-1">
          <Button variant="ghost" size="icon" aria-label="Clear selection" onClick={() => onChosen([])}>
            <X />
          </Button>
          <span className="mr-auto pr-2 font-medium text-sm tabular-nums">{chosen.length} selected</span>
          {refusal !== null && <span className="px-2 text-soft text-sm">{refusal}</span>}
          {chosen.length > 1 && (
            <Link
              href={`/logs?containers=${chosen.map(({ name }) => name).join()}`}
              className={buttonStyle({ variant: "ghost", size: "sm" })}
            >
              Logs
            </Link>
          )}
          {(refusal === null ? offered : [])
            .map((action) => ({ action, containers: fitting(action) }))
            .filter(({ containers }) => containers.length > 0)
            .map(({ action, containers }) => (
              <Button key={action} variant="ghost" size="sm" onClick={() => void run(action, containers)}>
                {actionWords[action].label}
                {containers.length < chosen.length && <span className="text-faint">{containers.length}</span>}
              </Button>
            ))}
          {refusal === null && (
            <Button variant="ghost" size="sm" className="text-bad hover:text-bad" onClick={() => setDialog("open")}>
              Delete…
            </Button>
          )}
        </div>
      )}
      {dialog !== "unused" && (
        <ConfirmDialog
          open={dialog === "open"}
          onOpenChange={(open) => setDialog(open ? "open" : "closed")}
          title={`Delete ${formatCount(chosen.length, "container")}?`}
          action={running > 0 ? "Kill and delete" : "Delete"}
          pending={false}
          onConfirm={() => {
            setDialog("closed");
            void run("delete", chosen);
          }}
        >
          {running > 0 && `${running === 1 ? "One is" : `${running} are`} running and will be killed. `}
          Their files and logs are removed. This cannot be undone.
          <span className="mt-2 block max-h-32 overflow-y-auto font-mono text-ink text-xs">
            {chosen.map(({ name }) => name).join(", ")}
          </span>
        </ConfirmDialog>
      )}
    </section>
  );
}
