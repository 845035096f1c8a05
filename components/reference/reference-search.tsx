"use client";

import { useEffect, useRef, useState } from "react";
import { useCommands } from "../shell/commands.ts";
import { controlStyle } from "../ui/control-style.ts";

/** Hides the calls that do not have every word, and opens the one that the address names. */
export function ReferenceSearch() {
  const [search, setSearch] = useState("");
  const [found, setFound] = useState<number | null>(null);
  const field = useRef<HTMLInputElement>(null);
  useCommands([
    {
      id: "reference search",
      title: "Search the API",
      group: "API reference",
      keys: "/",
      run: () => field.current?.focus(),
    },
  ]);

  useEffect(() => {
    const openNamed = () => {
      const named = document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
      if (named instanceof HTMLDetailsElement) named.open = true;
      named?.scrollIntoView({ block: "start" });
    };
    openNamed();
    window.addEventListener("hashchange", openNamed);
    return () => window.removeEventListener("hashchange", openNamed);
  }, []);

  useEffect(() => {
    const words = search.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const call of document.querySelectorAll<HTMLElement>("[data-search]")) {
      call.hidden = !words.every((word) => call.dataset.search?.includes(word));
      if (!call.hidden) count += 1;
    }
    for (const group of document.querySelectorAll<HTMLElement>("[data-group]")) {
      group.hidden = group.querySelector("[data-search]:not([hidden])") === null;
    }
    setFound(words.length === 0 ? null : count);
  }, [search]);

  return (
    <search className="flex items-center gap-3">
      <input
        ref={field}
        type="search"
        aria-label="Search the API"
        aria-keyshortcuts="/"
        placeholder="Search calls"
        value={search}
        onChange={(event) => setSearch(event.target.value)}
        className={controlStyle}
      />
      <span role="status" className="shrink-0 text-faint text-xs tabular-nums">
        {found !== null && `${found} found`}
      </span>
    </search>
  );
}
