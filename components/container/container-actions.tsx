"use client";

import { Copy, Ellipsis, OctagonX, Pause, Pencil, Play, RotateCw, Square, SquarePen, Trash2 } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { type ReactNode, useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import { type Action, type ActionOptions, actionWords, mayBegin, possibleActions } from "../containers/run-action.ts";
import { useRefusal } from "../shell/role.tsx";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { Menu, MenuItem, MenuSeparator } from "../ui/menu.tsx";
import { Spinner } from "../ui/spinner.tsx";
import { Submenu } from "../ui/submenu.tsx";
import { SignalItems } from "./signal-items.tsx";

const DeleteDialog = dynamic(() => import("../containers/delete-dialog.tsx").then((module) => module.DeleteDialog), {
  ssr: false,
});
const RenameDialog = dynamic(() => import("./rename-dialog.tsx").then((module) => module.RenameDialog), { ssr: false });

const icons: Record<Action, ReactNode> = {
  start: <Play />,
  stop: <Square />,
  restart: <RotateCw />,
  pause: <Pause />,
  resume: <Play />,
  kill: <OctagonX />,
  delete: <Trash2 />,
};

interface Props {
  container: Container;
  pending: readonly Action[];
  onAction: (action: Action, options?: ActionOptions) => void;
}

/** What can be done with a container: the likeliest as buttons, everything else in a menu. */
export function ContainerActions({ container, pending, onAction }: Props) {
  const [dialog, setDialog] = useState<"rename" | "delete" | null>(null);
  const [used, setUsed] = useState({ rename: false, delete: false });
  const show = (which: "rename" | "delete") => {
    setUsed((before) => ({ ...before, [which]: true }));
    setDialog(which);
  };
  const refusal = useRefusal("operator");
  if (refusal !== null) {
    return (
      <span title={refusal}>
        <Badge>view only</Badge>
      </span>
    );
  }
  const possible = possibleActions(container);
  const plain = possible.filter((action) => action !== "delete" && action !== "kill");
  const buttons: readonly Action[] = plain.filter((action) => action !== "pause").slice(0, 2);
  const inMenu = plain.slice(1);
  const canKill = possible.includes("kill");
  const busy = pending.some((action) => !buttons.includes(action));
  return (
    <div className="flex items-center gap-2">
      {buttons.map((action, index) => (
        <ActionButton
          key={action}
          action={action}
          primary={index === 0 && (action === "start" || action === "resume")}
          className={index > 0 ? "max-sm:hidden" : undefined}
          pending={pending}
          onAction={onAction}
        />
      ))}
      <Menu
        trigger={
          <Button
            aria-label="More actions"
            aria-busy={busy || undefined}
            className="size-8 px-0 any-pointer-coarse:size-10"
          >
            {busy ? <Spinner /> : <Ellipsis />}
          </Button>
        }
      >
        {inMenu.map((action) => (
          <MenuItem key={action} disabled={!mayBegin(action, pending)} onClick={() => onAction(action)}>
            {icons[action]}
            {actionWords[action].label}
          </MenuItem>
        ))}
        {canKill && (
          <Submenu
            label={
              <>
                <OctagonX />
                Kill with a signal
              </>
            }
          >
            <SignalItems onSignal={(signal) => onAction("kill", { signal })} />
          </Submenu>
        )}
        {(inMenu.length > 0 || canKill) && <MenuSeparator />}
        <MenuItem onClick={() => show("rename")}>
          <Pencil />
          Rename…
        </MenuItem>
        <MenuItem render={<Link href={`/containers/${container.name}/edit`} />}>
          <SquarePen />
          Edit…
        </MenuItem>
        <MenuItem render={<Link href={`/new?from=${container.name}`} />}>
          <Copy />
          Clone…
        </MenuItem>
        <MenuSeparator />
        <MenuItem danger onClick={() => show("delete")}>
          <Trash2 />
          Delete…
        </MenuItem>
      </Menu>
      {used.rename && (
        <RenameDialog
          container={container}
          open={dialog === "rename"}
          onOpenChange={(open) => setDialog(open ? "rename" : null)}
        />
      )}
      {used.delete && (
        <DeleteDialog
          container={container}
          open={dialog === "delete"}
          onOpenChange={(open) => setDialog(open ? "delete" : null)}
          pending={pending.includes("delete")}
          onConfirm={() => onAction("delete")}
        />
      )}
    </div>
  );
}

interface ButtonProps extends Omit<Props, "container"> {
  action: Action;
  primary: boolean;
  className: string | undefined;
}

function ActionButton({ action, primary, className, pending, onAction }: ButtonProps) {
  return (
    <Button
      variant={primary ? "primary" : "outline"}
      className={className}
      pending={pending.includes(action)}
      disabled={!mayBegin(action, pending)}
      onClick={() => onAction(action)}
    >
      {!pending.includes(action) && icons[action]}
      {actionWords[action].label}
    </Button>
  );
}
