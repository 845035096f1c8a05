import type { RefObject } from "react";
import { type Command, useCommands } from "../shell/commands.ts";

/** Moves the focus so many rows on; to the first one when none has it. */
export function moveFocus(list: HTMLElement | null, by: number): void {
  const all: Element[] = [...(list?.querySelectorAll("[data-step]") ?? [])];
  const at = document.activeElement ? all.indexOf(document.activeElement) : -1;
  const next = all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)];
  if (next instanceof HTMLElement) next.focus();
}

interface Timeline {
  list: RefObject<HTMLElement | null>;
  field: RefObject<HTMLInputElement | null>;
  zoomBy: (factor: number | null) => void;
  showFailed: () => void;
  clear: () => void;
}

/** What keys do in the timeline; arrow keys go from row to row, and along a part that is zoomed in on. */
export function useTimelineKeys({ list, field, zoomBy, showFailed, clear }: Timeline): void {
  const move = (by: number) => () => moveFocus(list.current, by);
  const key = (keys: string, title: string, run: () => void): Command => ({
    id: `timeline ${title}`,
    title,
    group: "Timeline",
    keys,
    keysOnly: true,
    run,
  });
  useCommands([
    key("/", "Search steps", () => field.current?.focus()),
    key("j", "Next step", move(1)),
    key("k", "Step before", move(-1)),
    key("+", "Zoom in", () => zoomBy(0.5)),
    key("-", "Zoom out", () => zoomBy(2)),
    key("0", "Whole start", () => zoomBy(null)),
    key("f", "What failed", showFailed),
    key("Escape", "Show all steps", clear),
  ]);
}
