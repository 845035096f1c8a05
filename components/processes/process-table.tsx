"use client";

import type { Signal } from "../container/signals.ts";
import { cn } from "../ui/class-names.ts";
import { SortHead } from "../ui/sort-head.tsx";
import { VirtualTable } from "../ui/virtual-table.tsx";
import type { Process, Row, SortKey } from "./process-model.ts";
import { ProcessRow, rowHeight, wide } from "./process-row.tsx";

interface Props {
  rows: readonly Row[];
  sort: SortKey;
  onSort: (sort: SortKey) => void;
  live: boolean;
  onSignal: (process: Process, signal: Signal) => void;
}

/** Processes as a table. */
export function ProcessTable({ rows, sort, onSort, live, onSignal }: Props) {
  return (
    <VirtualTable
      label="Processes"
      count={rows.length}
      rowHeight={rowHeight}
      keyOf={(index) => rows[index]?.process.hostPid ?? index}
      className="max-h-[max(24rem,calc(100dvh-19.5rem))]"
      head={<Head sort={sort} onSort={onSort} />}
      row={(index) => {
        const row = rows[index];
        return row && <ProcessRow key={row.process.hostPid} row={row} index={index} live={live} onSignal={onSignal} />;
      }}
    />
  );
}

function Head({ sort, onSort }: Pick<Props, "sort" | "onSort">) {
  const sorts = (key: SortKey) => ({
    sorted: sort === key ? (key === "pid" ? ("ascending" as const) : ("descending" as const)) : null,
    onSort: () => onSort(key),
  });
  return (
    <tr>
      <SortHead {...sorts("pid")} className={cn("w-16 pl-4", wide)}>
        Pid
      </SortHead>
      <th scope="col" title="As the host counts" className={cn("w-20 px-2 font-medium", wide)}>
        Outside
      </th>
      <th scope="col" className={cn("w-24 px-2 font-medium", wide)}>
        User
      </th>
      <th scope="col" className="px-2 font-medium max-md:pl-4">
        Command
      </th>
      <th scope="col" className={cn("w-14 px-2 font-medium", wide)}>
        State
      </th>
      <SortHead {...sorts("cpu")} end className="w-16 md:w-20">
        CPU
      </SortHead>
      <SortHead {...sorts("memory")} end className="w-20 md:w-24">
        Memory
      </SortHead>
      <SortHead {...sorts("time")} end className={cn("w-24", wide)}>
        CPU time
      </SortHead>
      <th scope="col" className={cn("w-20 px-2 text-right font-medium", wide)}>
        Age
      </th>
      <th scope="col" className="w-12">
        <span className="sr-only">Signal</span>
      </th>
    </tr>
  );
}
