"use client";

import { Search } from "lucide-react";
import { Kbd } from "../ui/kbd.tsx";
import { paletteEvent } from "./palette-event.ts";

/** Opens the palette for whoever does not know its keys, or has none. */
export function PaletteButton() {
  return (
    <button
      type="button"
      title="Find and do anything"
      onClick={() => window.dispatchEvent(new Event(paletteEvent))}
      className="flex h-8 items-center gap-2 rounded-md text-faint text-sm transition-colors hover:text-ink any-pointer-coarse:h-10 max-lg:size-7 max-lg:justify-center max-lg:text-soft lg:mr-2 lg:w-52 lg:border lg:border-line-strong lg:bg-surface lg:pr-1.5 lg:pl-2.5 lg:shadow-card any-pointer-coarse:max-lg:w-10"
    >
      <Search className="size-4 lg:size-3.5" aria-hidden="true" />
      <span className="flex-1 text-left max-lg:sr-only">Find or do…</span>
      <span aria-hidden="true" className="max-lg:hidden">
        <Kbd keys="mod+k" />
      </span>
    </button>
  );
}
