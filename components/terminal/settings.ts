import * as z from "zod";
import { schemeNames } from "./schemes.ts";

/** Widths of a cell in CSS pixels. WebGL draws whole pixels, so sizes go in steps of one. */
const minCell = 6;
const maxCell = 14;

const Settings = z.object({
  /** Null follows the window: smaller where it is narrow. */
  cellWidth: z.int().min(minCell).max(maxCell).nullable().catch(null),
  scheme: z.enum(schemeNames).catch("page"),
  scrollback: z.int().min(0).max(100_000).catch(10_000),
  cursorStyle: z.enum(["bar", "block", "underline"]).catch("bar"),
  cursorBlink: z.boolean().catch(true),
  copyOnSelect: z.boolean().catch(false),
  /** Asks before a text of several lines goes to a program that takes each as a command. */
  askBeforeLines: z.boolean().catch(false),
});
export type Settings = z.infer<typeof Settings>;

const key = "minirun.terminal";
const listeners = new Set<() => void>();
let current: Settings | null = null;

function read(): Settings {
  try {
    return Settings.parse(JSON.parse(localStorage.getItem(key) ?? "{}"));
  } catch {
    return Settings.parse({});
  }
}

/** How terminals look and behave: this browser's choice, the same in all of its pages. */
export const terminalSettings = {
  get(): Settings {
    current ??= read();
    return current;
  },
  change(part: Partial<Settings>): void {
    current = { ...terminalSettings.get(), ...part };
    localStorage.setItem(key, JSON.stringify(current));
    for (const listener of listeners) listener();
  },
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    const fromOtherPage = (event: StorageEvent) => {
      if (event.key !== key) return;
      current = null;
      listener();
    };
    window.addEventListener("storage", fromOtherPage);
    return () => {
      listeners.delete(listener);
      window.removeEventListener("storage", fromOtherPage);
    };
  },
};

/** A cell's width, as set or as fits the window, in CSS pixels. */
export function cellWidth({ cellWidth: chosen }: Settings): number {
  return chosen ?? (window.innerWidth < 640 ? 7 : 8);
}

/** One step larger, smaller, or back to what fits the window. */
export function changeSize(by: 1 | -1 | 0): void {
  const next = Math.min(Math.max(cellWidth(terminalSettings.get()) + by, minCell), maxCell);
  terminalSettings.change({ cellWidth: by === 0 ? null : next });
}

/** The font size in CSS pixels whose cells have this width: Geist Mono's are 0.6 em, rounded down. */
export function fontSizeOf(width: number): number {
  return Math.ceil((width / 0.6) * 10 + 0.3) / 10;
}
