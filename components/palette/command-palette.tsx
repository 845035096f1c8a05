"use client";

import { Dialog } from "@base-ui/react/dialog";
import { useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import { carryOut } from "../containers/carry-out.ts";
import { DeleteDialog } from "../containers/delete-dialog.tsx";
import { backdropStyle } from "../ui/dialog.tsx";
import { PaletteList } from "./palette-list.tsx";

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Finds and does anything by typing: goes to pages and containers, and carries out their verbs. */
export function CommandPalette({ open, onOpenChange }: Props) {
  const [deleting, setDeleting] = useState<Container | null>(null);
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Dialog.Root open={open} onOpenChange={onOpenChange}>
        <Dialog.Portal>
          <Dialog.Backdrop className={backdropStyle} />
          <Dialog.Popup className="fixed top-[max(1rem,12dvh)] left-1/2 z-50 flex max-h-[min(30rem,calc(100dvh-2rem))] w-[min(36rem,calc(100vw-2rem))] -translate-x-1/2 flex-col overflow-hidden rounded-xl border border-line bg-raised shadow-pop outline-hidden transition-[opacity,scale] duration-100 data-ending-style:opacity-0 data-starting-style:scale-[0.98] data-starting-style:opacity-0">
            <Dialog.Title className="sr-only">Find and do anything</Dialog.Title>
            <PaletteList
              onDone={() => onOpenChange(false)}
              confirmDelete={(container) => {
                setDeleting(container);
                setAsking(true);
              }}
            />
          </Dialog.Popup>
        </Dialog.Portal>
      </Dialog.Root>
      {deleting && (
        <DeleteDialog
          container={deleting}
          open={asking}
          onOpenChange={setAsking}
          pending={false}
          onConfirm={() => {
            setAsking(false);
            void carryOut("delete", deleting);
          }}
        />
      )}
    </>
  );
}
