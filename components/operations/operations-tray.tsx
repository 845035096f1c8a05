"use client";

import { ListChecks } from "lucide-react";
import dynamic from "next/dynamic";
import { useState, useSyncExternalStore } from "react";
import { isFinished } from "@/lib/contract/is-finished.ts";
import { formatCount } from "../format.ts";
import { operations } from "../live/operations.ts";
import { buttonStyle } from "../ui/button.tsx";
import { cn } from "../ui/class-names.ts";

const OperationsPanel = dynamic(() => import("./operations-panel.tsx").then((part) => part.OperationsPanel), {
  ssr: false,
  loading: () => <span className={cn(buttonStyle({ variant: "ghost", size: "icon" }), "opacity-50")} />,
});

/** What goes on and what was done lately, on every page: a mark in the header while something runs, a list behind it. */
export function OperationsTray() {
  const [opened, setOpened] = useState(false);
  const { items } = useSyncExternalStore(operations.subscribe, operations.snapshot, operations.serverSnapshot);
  const running = items.filter((operation) => !isFinished(operation)).length;
  const label = running > 0 ? `Operations: ${formatCount(running, "one runs", "run")}` : "Operations";
  const button = (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={opened ? undefined : () => setOpened(true)}
      className={cn(buttonStyle({ variant: "ghost", size: "icon" }), "relative")}
    >
      <ListChecks />
      {running > 0 && (
        <span className="absolute -top-0.5 -right-0.5 flex h-3.5 min-w-3.5 items-center justify-center rounded-full bg-accent px-0.5 font-medium text-2xs text-on-ink leading-none">
          {running > 99 ? "99" : running}
        </span>
      )}
    </button>
  );
  return opened ? <OperationsPanel trigger={button} /> : button;
}
