"use client";

import { Menu as Base } from "@base-ui/react/menu";
import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./class-names.ts";
import { menuItemStyle, menuPopupStyle } from "./menu.tsx";

/** An entry of a menu that opens another one beside it. */
export function Submenu({ label, children }: { label: ReactNode; children: ReactNode }) {
  return (
    <Base.SubmenuRoot>
      <Base.SubmenuTrigger className={cn(menuItemStyle, "data-popup-open:bg-hover")}>
        {label}
        <ChevronRight className="ml-auto" />
      </Base.SubmenuTrigger>
      <Base.Portal>
        <Base.Positioner sideOffset={-4} alignOffset={-4} collisionPadding={8} className="z-50 outline-hidden">
          <Base.Popup className={menuPopupStyle}>{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.SubmenuRoot>
  );
}
