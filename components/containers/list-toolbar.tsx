"use client";

import { Search, X } from "lucide-react";
import { type RefObject, useEffect, useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/class-names.ts";
import { controlStyle } from "../ui/control-style.ts";
import { Select } from "../ui/select.tsx";
import { columns } from "./columns.ts";
import { allStates, isFiltered, type ListQuery } from "./list-query.ts";

interface Props {
  query: ListQuery;
  onChange: (part: Partial<ListQuery>) => void;
  containers: readonly Container[];
  searchField: RefObject<HTMLInputElement | null>;
}

/** Narrows the list by words, state and label; sorts it where there is no head to click. */
export function ListToolbar({ query, onChange, containers, searchField }: Props) {
  const [search, setSearch] = useState(query.search);
  // What is typed leads; the address follows it, and is followed only when it was changed elsewhere.
  useEffect(() => {
    if (document.activeElement !== searchField.current) setSearch(query.search);
  }, [query.search, searchField]);
  useEffect(() => {
    const onBack = () => setSearch(new URLSearchParams(window.location.search).get("search") ?? "");
    window.addEventListener("popstate", onBack);
    return () => window.removeEventListener("popstate", onBack);
  }, []);
  const labels = knownLabels(containers, query.label);
  return (
    <search className="mt-5 flex flex-wrap gap-2">
      <div className="relative min-w-0 basis-full sm:max-w-72 sm:flex-1 sm:basis-auto">
        <Search
          className="pointer-events-none absolute top-1/2 left-2.5 size-3.5 -translate-y-1/2 text-faint"
          aria-hidden="true"
        />
        <input
          ref={searchField}
          type="search"
          aria-label="Search containers"
          aria-keyshortcuts="/"
          placeholder="Search names, images, commands, labels"
          value={search}
          onChange={(event) => {
            setSearch(event.target.value);
            onChange({ search: event.target.value });
          }}
          className={cn(controlStyle, "pl-8")}
        />
      </div>
      <Select
        aria-label="State"
        items={stateItems(containers, query.states)}
        value={query.states.join(",")}
        onValueChange={(value) => onChange({ states: allStates.filter((state) => value.split(",").includes(state)) })}
        className="min-w-0 flex-1 sm:w-40 sm:flex-none"
      />
      {labels.length > 0 && (
        <Select
          aria-label="Label"
          items={[{ value: "", label: "Any label" }, ...labels.map((label) => ({ value: label, label }))]}
          value={query.label}
          onValueChange={(label) => onChange({ label })}
          className="min-w-0 flex-1 sm:w-44 sm:flex-none"
        />
      )}
      <Select
        aria-label="Sort"
        items={sortItems}
        value={query.sort}
        onValueChange={(sort) => onChange({ sort })}
        className="min-w-0 flex-1 sm:w-40 sm:flex-none md:hidden"
      />
      {isFiltered(query) && (
        <Button variant="ghost" onClick={() => onChange({ search: "", states: [], label: "" })}>
          <X />
          Clear
        </Button>
      )}
    </search>
  );
}

const sortItems = columns.flatMap(({ key, label }) => [
  { value: key, label: `${label} ↑` } as const,
  { value: `-${key}`, label: `${label} ↓` } as const,
]);

function stateItems(containers: readonly Container[], chosen: ListQuery["states"]) {
  const items = allStates
    .map((state) => ({ state, count: containers.filter((container) => container.state === state).length }))
    .filter(({ state, count }) => count > 0 || (chosen.length === 1 && chosen[0] === state))
    .map(({ state, count }) => ({
      value: state as string,
      label: `${state[0]?.toUpperCase()}${state.slice(1)} (${count})`,
    }));
  const several = chosen.length > 1 ? [{ value: chosen.join(","), label: chosen.join(", ") }] : [];
  return [{ value: "", label: "All states" }, ...several, ...items];
}

const mostLabels = 100;

/** Labels that the containers have: a name alone where it has many values. */
function knownLabels(containers: readonly Container[], chosen: string): readonly string[] {
  const values = new Map<string, Set<string>>();
  for (const { labels } of containers) {
    for (const [name, value] of Object.entries(labels)) {
      values.set(name, (values.get(name) ?? new Set()).add(value));
    }
  }
  const known = [...values].flatMap(([name, all]) => [
    name,
    ...(all.size <= 12 ? [...all].map((value) => `${name}=${value}`) : []),
  ]);
  return [...new Set(chosen === "" ? known : [chosen, ...known])].sort().slice(0, mostLabels);
}
