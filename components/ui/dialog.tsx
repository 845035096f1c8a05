"use client";

import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { cn } from "./class-names.ts";

export const backdropStyle =
  "fixed inset-0 z-40 bg-backdrop transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0";

const centred =
  "top-1/2 left-1/2 max-h-[calc(100dvh-2rem)] w-[min(28rem,calc(100vw-2rem))] -translate-x-1/2 -translate-y-1/2 rounded-xl data-ending-style:scale-[0.98] data-starting-style:scale-[0.98]";
const fromRight =
  "inset-y-0 right-0 w-[min(26rem,100vw)] border-y-0 border-r-0 data-ending-style:translate-x-8 data-starting-style:translate-x-8";

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  /** `sheet` comes in from the right and has the window's height. */
  shape?: "dialog" | "sheet";
  className?: string;
  children: ReactNode;
  /** Buttons that end it, at the bottom right. */
  footer?: ReactNode;
  /** Whether a press beside it leaves it open: for what is shown once. */
  stays?: boolean;
  /** Whether what had the focus before gets it back when this closes; false when something else has taken it. */
  finalFocus?: () => boolean;
}

/** Something apart from the page that wants an answer or is looked at for a while; Escape closes it. */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  shape = "dialog",
  className,
  children,
  footer,
  stays = false,
  finalFocus,
}: Props) {
  return (
    <Base.Root open={open} onOpenChange={onOpenChange} disablePointerDismissal={stays}>
      <Base.Portal>
        <Base.Backdrop className={backdropStyle} />
        <Base.Popup
          finalFocus={finalFocus ?? true}
          className={cn(
            "fixed z-50 flex flex-col border border-line bg-raised shadow-pop outline-hidden transition-[opacity,scale,translate] duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0",
            shape === "sheet" ? fromRight : centred,
            className,
          )}
        >
          <header className="flex items-start gap-3 px-5 pt-4.5 pb-3">
            <div className="min-w-0 flex-1">
              <Base.Title className="font-semibold text-base tracking-tight">{title}</Base.Title>
              {description && (
                <Base.Description render={<div />} className="mt-0.5 text-pretty text-soft text-sm">
                  {description}
                </Base.Description>
              )}
            </div>
            <Base.Close render={<Button variant="ghost" size="icon" aria-label="Close" className="-mt-1 -mr-1.5" />}>
              <X />
            </Base.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 pb-5">{children}</div>
          {footer && <footer className="flex flex-wrap justify-end gap-2 border-t px-5 py-3">{footer}</footer>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
