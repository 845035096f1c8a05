import type { SortKey } from "./list-query.ts";

/** The list's grid on a wide screen; head and rows share it. */
export const gridStyle =
  "md:grid md:grid-cols-[2.25rem_minmax(0,1fr)_9.5rem_6.5rem_8rem_8.5rem] md:items-center lg:grid-cols-[2.25rem_minmax(0,1fr)_10rem_8rem_9rem_6.5rem_8.5rem]";

export const columns: readonly { label: string; key: SortKey; className?: string }[] = [
  { label: "Name", key: "name" },
  { label: "State", key: "state" },
  { label: "CPU", key: "cpu" },
  { label: "Memory", key: "memory" },
  { label: "Age", key: "createdAt", className: "max-lg:hidden" },
];
