"use client";

import {
  ChartLine,
  Copy,
  FolderOpen,
  Link2,
  type LucideIcon,
  OctagonX,
  Pause,
  Pencil,
  Play,
  RotateCw,
  ScrollText,
  Square,
  Trash2,
} from "lucide-react";
import { useRouter } from "next/navigation";
import { type ReactElement, useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import { copyLink } from "../ui/copy-button.tsx";
import { Menu, MenuItem, MenuSeparator } from "../ui/menu.tsx";
import { DeleteDialog } from "./delete-dialog.tsx";
import { type Action, actionWords, possibleActions } from "./run-action.ts";

const icons: Record<Exclude<Action, "delete">, LucideIcon> = {
  start: Play,
  stop: Square,
  restart: RotateCw,
  pause: Pause,
  resume: Play,
  kill: OctagonX,
};

interface Props {
  container: Container;
  trigger: ReactElement;
  onAction: (action: Action) => void;
}

/** Everything that can be done with a container, open as soon as it is there. */
export function RowMenu({ container, trigger, onAction }: Props) {
  const router = useRouter();
  const [deleting, setDeleting] = useState(false);
  const page = `/containers/${container.name}`;
  const ways = [
    { label: "Logs", icon: ScrollText, go: () => router.push(`${page}?tab=logs`) },
    { label: "Statistics", icon: ChartLine, go: () => router.push(`${page}?tab=statistics`) },
    { label: "Files", icon: FolderOpen, go: () => router.push(`${page}?tab=files`) },
  ];
  const changes = [
    { label: "Edit", icon: Pencil, go: () => router.push(`${page}/edit`) },
    { label: "Clone", icon: Copy, go: () => router.push(`/new?from=${container.name}`) },
    {
      label: "Copy link",
      icon: Link2,
      go: () => copyLink(`${window.location.origin}${page}`),
    },
  ];
  return (
    <>
      <Menu trigger={trigger} defaultOpen>
        {possibleActions(container)
          .filter((action) => action !== "delete")
          .map((action) => {
            const Icon = icons[action];
            return (
              <MenuItem key={action} onClick={() => onAction(action)}>
                <Icon />
                {actionWords[action].label}
              </MenuItem>
            );
          })}
        {[ways, changes].map((items) => (
          <div key={items[0]?.label}>
            <MenuSeparator />
            {items.map(({ label, icon: Icon, go }) => (
              <MenuItem key={label} onClick={go}>
                <Icon />
                {label}
              </MenuItem>
            ))}
          </div>
        ))}
        <MenuSeparator />
        <MenuItem danger onClick={() => setDeleting(true)}>
          <Trash2 />
          Delete…
        </MenuItem>
      </Menu>
      <DeleteDialog
        container={container}
        open={deleting}
        onOpenChange={setDeleting}
        pending={false}
        onConfirm={() => {
          setDeleting(false);
          onAction("delete");
        }}
      />
    </>
  );
}
