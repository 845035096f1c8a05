import { ArrowUp } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./class-names.ts";

interface Props {
  children: ReactNode;
  /** The direction that this column is sorted in; null when another one is. */
  sorted: "ascending" | "descending" | null;
  onSort: () => void;
  end?: boolean;
  className?: string;
}

/** The head of a column that a table can be sorted by. */
export function SortHead({ children, sorted, onSort, end = false, className }: Props) {
  return (
    <th
      scope="col"
      aria-sort={sorted ?? undefined}
      className={cn("h-9 px-2 font-medium", end && "text-right", className)}
    >
      <button
        type="button"
        onClick={onSort}
        className={cn(
          "inline-flex items-center gap-1 rounded align-middle hover:text-ink any-pointer-coarse:h-10",
          end && "flex-row-reverse",
          sorted && "text-ink",
        )}
      >
        {children}
        <ArrowUp
          className={cn("size-3", sorted === "descending" && "rotate-180", sorted === null && "invisible")}
          aria-hidden="true"
        />
      </button>
    </th>
  );
}
