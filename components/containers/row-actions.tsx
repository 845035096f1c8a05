"use client";

import { Ellipsis, OctagonX, Play, Square, SquareTerminal, Trash2 } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import { Button, buttonStyle } from "../ui/button.tsx";
import { Menu, MenuItem, MenuSeparator } from "../ui/menu.tsx";
import { toastDone, toastProblem } from "../ui/toaster.tsx";
import { Tooltip } from "../ui/tooltip.tsx";
import { DeleteDialog } from "./delete-dialog.tsx";
import { isRunning } from "./describe.ts";
import { type Action, useLifecycle } from "./use-lifecycle.ts";

const done: Record<Action, string> = { start: "started", stop: "stopped", kill: "killed", delete: "deleted" };

/** What can be done with a container from the list. */
export function RowActions({ container }: { container: Container }) {
  const [deleting, setDeleting] = useState(false);
  const { pending, run } = useLifecycle(container, {
    onDone: (action, { name }) => {
      setDeleting(false);
      toastDone(`${name} ${done[action]}`);
    },
    onProblem: (problem) => {
      setDeleting(false);
      toastProblem(problem);
    },
  });
  const { name } = container;
  const running = isRunning(container);
  return (
    <div className="inline-flex items-center gap-0.5">
      {running ? (
        <>
          <Tooltip label="Open terminal">
            <Link
              href={`/containers/${name}`}
              aria-label={`Open terminal of ${name}`}
              className={buttonStyle({ variant: "ghost", size: "icon" })}
            >
              <SquareTerminal />
            </Link>
          </Tooltip>
          <Tooltip label="Stop">
            <Button
              variant="ghost"
              size="icon"
              aria-label={`Stop ${name}`}
              pending={pending === "stop"}
              onClick={() => void run("stop")}
            >
              <Square />
            </Button>
          </Tooltip>
        </>
      ) : (
        <Tooltip label="Start">
          <Button
            variant="ghost"
            size="icon"
            aria-label={`Start ${name}`}
            pending={pending === "start"}
            onClick={() => void run("start")}
          >
            <Play />
          </Button>
        </Tooltip>
      )}
      <Menu
        trigger={
          <Button variant="ghost" size="icon" aria-label={`More about ${name}`}>
            <Ellipsis />
          </Button>
        }
      >
        {running && (
          <>
            <MenuItem onClick={() => void run("kill")}>
              <OctagonX />
              Kill
            </MenuItem>
            <MenuSeparator />
          </>
        )}
        <MenuItem danger onClick={() => setDeleting(true)}>
          <Trash2 />
          Delete…
        </MenuItem>
      </Menu>
      <DeleteDialog
        container={container}
        open={deleting}
        onOpenChange={setDeleting}
        pending={pending === "delete"}
        onConfirm={() => void run("delete")}
      />
    </div>
  );
}
