"use client";

import { Search } from "lucide-react";
import type { ContainerState } from "@/lib/contract/container.ts";
import { cn } from "../ui/class-names.ts";
import { controlStyle } from "../ui/control-style.ts";
import { Select } from "../ui/select.tsx";

const states: { value: ContainerState | "all"; label: string }[] = [
  { value: "all", label: "All states" },
  { value: "running", label: "Running" },
  { value: "created", label: "Created" },
  { value: "exited", label: "Exited" },
  { value: "lost", label: "Lost" },
];

interface Props {
  search: string;
  onSearch: (search: string) => void;
  state: ContainerState | "all";
  onState: (state: ContainerState | "all") => void;
}

/** Narrows the list by words and by state. */
export function ListFilter({ search, onSearch, state, onState }: Props) {
  return (
    <div className="mt-5 flex gap-2">
      <div className="relative min-w-0 flex-1 sm:max-w-72">
        <Search
          className="pointer-events-none absolute top-1/2 left-2.5 size-3.5 -translate-y-1/2 text-faint"
          aria-hidden="true"
        />
        <input
          type="search"
          aria-label="Search containers"
          placeholder="Search"
          value={search}
          onChange={(event) => onSearch(event.target.value)}
          className={cn(controlStyle, "pl-8")}
        />
      </div>
      <Select aria-label="State" items={states} value={state} onValueChange={onState} className="w-34 shrink-0" />
    </div>
  );
}
