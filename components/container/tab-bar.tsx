"use client";

import { Tabs } from "@base-ui/react/tabs";
import { useEffect, useRef } from "react";
import { keepCentred } from "../ui/centre-in-row.ts";
import { type Tab, tabs } from "./tabs.ts";

const tabStyle =
  "relative h-9 shrink-0 select-none px-3 text-soft text-sm outline-none transition-colors hover:text-ink focus-visible:rounded-md focus-visible:outline-2 focus-visible:outline-accent focus-visible:-outline-offset-2 any-pointer-coarse:h-11 data-active:font-medium data-active:text-ink";

/** The views of a container; where they don't fit, the bar scrolls and shows the chosen one. */
export function TabBar({ tab }: { tab: Tab }) {
  const bar = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another tab is what there is to scroll to
  useEffect(() => keepCentred(bar.current, bar.current?.querySelector("[data-active]")), [tab]);
  return (
    <div ref={bar} className="scrollbar-none -mx-4 overflow-x-auto px-4 sm:mx-0 sm:px-0">
      <Tabs.List className="relative flex w-max min-w-full border-b" aria-label="Views of the container">
        {tabs.map(({ id, label }) => (
          <Tabs.Tab key={id} value={id} className={tabStyle}>
            {label}
          </Tabs.Tab>
        ))}
        <Tabs.Indicator className="absolute bottom-[-1px] left-0 h-0.5 w-(--active-tab-width) translate-x-(--active-tab-left) rounded-full bg-ink transition-[translate,width] duration-200 ease-out" />
      </Tabs.List>
    </div>
  );
}
