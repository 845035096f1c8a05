import { ArrowDown, ArrowUp } from "lucide-react";
import { Checkbox } from "../ui/checkbox.tsx";
import { cn } from "../ui/class-names.ts";
import { columns, gridStyle } from "./columns.ts";
import type { ListQuery, SortKey } from "./list-query.ts";

interface Props {
  sort: ListQuery["sort"];
  onSort: (sort: ListQuery["sort"]) => void;
  chosen: "none" | "some" | "all";
  onChooseAll: (on: boolean) => void;
}

/** The head of the list: chooses all, and sorts by what is clicked, the other way round at the second click. */
export function ListHead({ sort, onSort, chosen, onChooseAll }: Props) {
  return (
    <thead className="hidden border-b bg-sunken/60 text-faint text-xs md:block">
      <tr className={cn(gridStyle, "h-9 pr-3")}>
        <th scope="col" className="flex items-center pl-3.5">
          <Checkbox
            aria-label="Select all"
            checked={chosen === "all"}
            indeterminate={chosen === "some"}
            onCheckedChange={onChooseAll}
          />
        </th>
        {columns.map(({ key, label, className }) => (
          <th
            key={key}
            scope="col"
            aria-sort={ariaSort(sort, key)}
            className={cn("px-2 text-left font-normal", className)}
          >
            <button
              type="button"
              onClick={() => onSort(nextSort(sort, key))}
              className="-mx-1.5 inline-flex h-7 items-center gap-1 rounded-md px-1.5 font-medium hover:bg-hover hover:text-ink"
            >
              {label}
              {sort === key && <ArrowUp className="size-3" aria-hidden="true" />}
              {sort === `-${key}` && <ArrowDown className="size-3" aria-hidden="true" />}
            </button>
          </th>
        ))}
        <th scope="col">
          <span className="sr-only">Actions</span>
        </th>
      </tr>
    </thead>
  );
}

/** Names go up at first; what is measured, and time, go down: the most and the newest first. */
function nextSort(sort: ListQuery["sort"], key: SortKey): ListQuery["sort"] {
  if (sort === key) return `-${key}`;
  if (sort === `-${key}`) return key;
  return key === "name" || key === "state" || key === "image" ? key : `-${key}`;
}

function ariaSort(sort: string, key: SortKey): "ascending" | "descending" | "none" {
  if (sort === key) return "ascending";
  return sort === `-${key}` ? "descending" : "none";
}
