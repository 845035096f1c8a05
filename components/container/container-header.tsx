"use client";

import { ChevronRight, Ellipsis, OctagonX, Play, Square, Trash2 } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import { DeleteDialog } from "../containers/delete-dialog.tsx";
import { describeSince, isRunning } from "../containers/describe.ts";
import { StateBadge } from "../containers/state-badge.tsx";
import type { Action } from "../containers/use-lifecycle.ts";
import { useNow } from "../live/clock.tsx";
import { Button } from "../ui/button.tsx";
import { Menu, MenuItem } from "../ui/menu.tsx";

interface Props {
  container: Container;
  pending: Action | null;
  onAction: (action: Action) => void;
}

/** Name and state of a container, and what can be done with it. */
export function ContainerHeader({ container, pending, onAction }: Props) {
  const now = useNow();
  const { name, image, pid } = container;
  const facts = [image, describeSince(container, now), pid === null ? "" : `pid ${pid}`].filter(Boolean);
  return (
    <div>
      <nav aria-label="Breadcrumb" className="flex items-center gap-1 text-faint text-xs">
        <Link href="/containers" className="hover:text-ink">
          Containers
        </Link>
        <ChevronRight className="size-3" aria-hidden="true" />
        <span className="truncate">{name}</span>
      </nav>
      <div className="mt-1 flex flex-wrap items-center gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 basis-64">
          <div className="flex min-w-0 items-center gap-2.5">
            <h1 className="truncate font-semibold text-2xl tracking-[-0.025em]">{name}</h1>
            <StateBadge container={container} />
          </div>
          <p className="mt-0.5 truncate text-faint text-xs tabular-nums">
            {facts.map((fact, index) => (
              <span key={fact}>
                {index > 0 && " · "}
                <span className={fact === image ? "font-mono" : undefined}>{fact}</span>
              </span>
            ))}
          </p>
        </div>
        <Actions container={container} pending={pending} onAction={onAction} />
      </div>
    </div>
  );
}

function Actions({ container, pending, onAction }: Props) {
  const [deleting, setDeleting] = useState(false);
  const running = isRunning(container);
  return (
    <div className="flex items-center gap-2">
      {running ? (
        <>
          <Button pending={pending === "stop"} onClick={() => onAction("stop")}>
            {pending !== "stop" && <Square />}
            Stop
          </Button>
          <Button className="max-sm:hidden" pending={pending === "kill"} onClick={() => onAction("kill")}>
            {pending !== "kill" && <OctagonX />}
            Kill
          </Button>
        </>
      ) : (
        <Button variant="primary" pending={pending === "start"} onClick={() => onAction("start")}>
          {pending !== "start" && <Play />}
          Start
        </Button>
      )}
      <Button className="max-sm:hidden" onClick={() => setDeleting(true)}>
        <Trash2 />
        Delete
      </Button>
      <div className="sm:hidden">
        <Menu
          trigger={
            <Button aria-label="More actions" className="w-8 px-0">
              <Ellipsis />
            </Button>
          }
        >
          {running && (
            <MenuItem onClick={() => onAction("kill")}>
              <OctagonX />
              Kill
            </MenuItem>
          )}
          <MenuItem danger onClick={() => setDeleting(true)}>
            <Trash2 />
            Delete…
          </MenuItem>
        </Menu>
      </div>
      <DeleteDialog
        container={container}
        open={deleting}
        onOpenChange={setDeleting}
        pending={pending === "delete"}
        onConfirm={() => onAction("delete")}
      />
    </div>
  );
}
