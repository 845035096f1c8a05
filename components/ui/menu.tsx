"use client";

import { Menu as Base } from "@base-ui/react/menu";
import type { ComponentProps, ReactElement, ReactNode } from "react";
import { cn } from "./class-names.ts";

export const menuPopupStyle =
  "min-w-40 max-h-(--available-height) overflow-y-auto origin-(--transform-origin) rounded-lg border border-line bg-raised p-1 text-sm shadow-pop outline-hidden transition-[opacity,scale] duration-100 data-ending-style:opacity-0 data-starting-style:scale-[0.97] data-starting-style:opacity-0";

interface MenuProps {
  trigger: ReactElement;
  defaultOpen?: boolean;
  onOpenChange?: (open: boolean) => void;
  /** Whether the trigger gets the focus when the menu closes; false when something else has taken it. */
  finalFocus?: () => boolean;
  children: ReactNode;
}

/** A menu that opens from its trigger. */
export function Menu({ trigger, defaultOpen = false, onOpenChange, finalFocus, children }: MenuProps) {
  return (
    <Base.Root defaultOpen={defaultOpen} onOpenChange={onOpenChange}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={6} align="end" className="z-50 outline-hidden">
          <Base.Popup className={menuPopupStyle} finalFocus={finalFocus ?? true}>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
export const menuItemStyle =
  "flex cursor-default select-none items-center gap-2 rounded-md px-2 py-1.5 outline-hidden any-pointer-coarse:py-2.5 data-disabled:opacity-45 data-highlighted:bg-hover [&_svg]:size-4 [&_svg]:text-faint";

export function MenuSeparator() {
  return <Base.Separator className="-mx-1 my-1 h-px bg-line" />;
}

type ItemProps = Omit<ComponentProps<typeof Base.Item>, "className"> & { danger?: boolean };

export function MenuItem({ danger = false, ...props }: ItemProps) {
  return <Base.Item className={cn(menuItemStyle, danger && "text-bad [&_svg]:text-bad")} {...props} />;
}
