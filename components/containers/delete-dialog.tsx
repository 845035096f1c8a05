"use client";

import type { Container } from "@/lib/contract/container.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { isRunning } from "./describe.ts";

interface Props {
  container: Container;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  pending: boolean;
  onConfirm: () => void;
}

/** Asks whether a container is to be deleted, and says what goes with it. */
export function DeleteDialog({ container, ...dialog }: Props) {
  const running = isRunning(container);
  return (
    <ConfirmDialog title={`Delete ${container.name}?`} action={running ? "Kill and delete" : "Delete"} {...dialog}>
      {running && "It is running and will be killed. "}
      Its files and its log are removed. This cannot be undone.
    </ConfirmDialog>
  );
}
