import { X } from "lucide-react";
import { type KeyboardEvent, useRef } from "react";
import { cn } from "../ui/class-names.ts";
import { type Layout, ownPane, panesOf, type Tab } from "./layout.ts";
import type { TerminalState } from "./terminal-client.ts";

interface Props {
  layout: Layout;
  name: (pane: string) => string;
  state: (pane: string) => TerminalState;
  onActivate: (id: string) => void;
  /** Closes every pane of the tab but the container's own. */
  onClose: (tab: Tab) => void;
  panelId: string;
}

/** The terminals of a container, a tab each; a tab that is split is named by the pane last used. */
export function TabStrip({ layout, name, state, onActivate, onClose, panelId }: Props) {
  const strip = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent, index: number) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const tab = layout.tabs[index];
    if (step) {
      const next = layout.tabs[(index + step + layout.tabs.length) % layout.tabs.length];
      if (next) onActivate(next.id);
      strip.current?.querySelector<HTMLElement>(`[data-tab="${next?.id}"]`)?.focus();
    } else if (event.key === "Delete" && tab && tab.root !== ownPane) onClose(tab);
    else return;
    event.preventDefault();
  };
  return (
    <div
      ref={strip}
      role="tablist"
      aria-label="Terminals"
      className="flex h-full min-w-0 items-stretch overflow-x-auto [scrollbar-width:none]"
    >
      {layout.tabs.map((tab, index) => {
        const active = tab.id === layout.active;
        const count = panesOf(tab.root).length;
        return (
          <div
            key={tab.id}
            role="presentation"
            className={cn(
              "group relative flex max-w-44 shrink-0 items-center border-r text-soft transition-colors",
              active ? "bg-terminal font-medium text-ink" : "hover:bg-hover hover:text-ink",
            )}
          >
            {active && <span className="absolute inset-x-0 top-0 h-px bg-accent" aria-hidden="true" />}
            <button
              type="button"
              role="tab"
              data-tab={tab.id}
              aria-selected={active}
              aria-controls={panelId}
              tabIndex={active ? 0 : -1}
              className="flex h-full min-w-0 items-center gap-1.5 px-3 text-xs -outline-offset-2 any-pointer-coarse:px-3.5"
              onClick={() => onActivate(tab.id)}
              onKeyDown={(event) => onKeyDown(event, index)}
              onAuxClick={(event) => event.button === 1 && tab.root !== ownPane && onClose(tab)}
            >
              <span className={cn("size-1.5 shrink-0 rounded-full", dot(state(tab.focused)))} aria-hidden="true" />
              <span className="truncate">{name(tab.focused)}</span>
              {count > 1 && <span className="text-faint tabular-nums">+{count - 1}</span>}
            </button>
            {tab.root !== ownPane && (
              <button
                type="button"
                tabIndex={-1}
                aria-hidden="true"
                title="Close"
                className="-ml-2 mr-1 flex size-6 items-center justify-center rounded text-faint hover:bg-hover hover:text-ink any-pointer-coarse:size-10"
                onClick={() => onClose(tab)}
              >
                <X className="size-3.5" />
              </button>
            )}
          </div>
        );
      })}
    </div>
  );
}

function dot({ kind }: TerminalState): string {
  switch (kind) {
    case "live":
      return "bg-ok";
    case "connecting":
      return "animate-pulse-soft bg-accent";
    case "reconnecting":
      return "animate-pulse-soft bg-warn";
    case "refused":
      return "bg-bad";
    case "ended":
    case "stopped":
      return "bg-faint/60";
  }
}
