"use client";

import { Play, Square, SquareTerminal, Trash2 } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { type ReactNode, useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import { Button, buttonStyle } from "../ui/button.tsx";
import { toastDone, toastProblem } from "../ui/toaster.tsx";
import { isRunning } from "./describe.ts";
import { actionWords } from "./run-action.ts";
import { useLifecycle } from "./use-lifecycle.ts";

const DeleteDialog = dynamic(() => import("./delete-dialog.tsx").then((module) => module.DeleteDialog), { ssr: false });

/** What can be done with a container from the list. */
export function RowActions({ container }: { container: Container }) {
  const [dialog, setDialog] = useState<"unused" | "open" | "closed">("unused");
  const { pending, run } = useLifecycle(container, {
    onDone: (action, { name }) => toastDone(`${name} ${actionWords[action].done}`),
    onProblem: (problem) => {
      setDialog("closed");
      toastProblem(problem);
    },
  });
  const { name } = container;
  return (
    <div className="inline-flex items-center gap-0.5">
      {isRunning(container) ? (
        <>
          <Link
            href={`/containers/${name}`}
            prefetch={false}
            title="Open terminal"
            aria-label={`Open terminal of ${name}`}
            className={buttonStyle({ variant: "ghost", size: "icon" })}
          >
            <SquareTerminal />
          </Link>
          <IconButton label="Stop" name={name} pending={pending === "stop"} onClick={() => void run("stop")}>
            <Square />
          </IconButton>
        </>
      ) : (
        <IconButton label="Start" name={name} pending={pending === "start"} onClick={() => void run("start")}>
          <Play />
        </IconButton>
      )}
      <IconButton label="Delete" name={name} pending={false} onClick={() => setDialog("open")}>
        <Trash2 />
      </IconButton>
      {dialog !== "unused" && (
        <DeleteDialog
          container={container}
          open={dialog === "open"}
          onOpenChange={(open) => setDialog(open ? "open" : "closed")}
          pending={pending === "delete"}
          onConfirm={() => void run("delete")}
        />
      )}
    </div>
  );
}

interface IconButtonProps {
  label: string;
  name: string;
  pending: boolean;
  onClick: () => void;
  children: ReactNode;
}

function IconButton({ label, name, ...props }: IconButtonProps) {
  return <Button variant="ghost" size="icon" title={label} aria-label={`${label} ${name}`} {...props} />;
}
