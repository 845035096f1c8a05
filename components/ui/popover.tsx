"use client";

import { Popover as Base } from "@base-ui/react/popover";
import type { ReactElement, ReactNode } from "react";
import { cn } from "./class-names.ts";

interface Props {
  trigger: ReactElement;
  title: ReactNode;
  className?: string;
  defaultOpen?: boolean;
  children: ReactNode;
}

/** A small panel that opens from its trigger and leaves the page in reach. */
export function Popover({ trigger, title, className, defaultOpen = false, children }: Props) {
  return (
    <Base.Root defaultOpen={defaultOpen}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={8} align="end" collisionPadding={12} className="z-40">
          <Base.Popup
            className={cn(
              "flex max-h-(--available-height) w-[min(24rem,calc(100vw-1.5rem))] origin-(--transform-origin) flex-col rounded-xl border border-line bg-raised shadow-pop outline-hidden transition-[opacity,scale] duration-100 data-ending-style:opacity-0 data-starting-style:scale-[0.98] data-starting-style:opacity-0",
              className,
            )}
          >
            <Base.Title className="border-b px-4 py-2.5 font-semibold text-sm tracking-tight">{title}</Base.Title>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
