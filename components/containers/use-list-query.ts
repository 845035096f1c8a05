"use client";

import { useSearchParams } from "next/navigation";
import { useMemo } from "react";
import { type ListQuery, readListQuery, writeListQuery } from "./list-query.ts";

/**
 * The list's query, which stands in the address: it can be shared, and the back button goes to the one before. Typing in
 * the search changes the address in place.
 */
export function useListQuery() {
  const parameters = useSearchParams();
  const query = useMemo(() => readListQuery(parameters), [parameters]);
  const change = (part: Partial<ListQuery>) => {
    // The address is ahead of what is rendered when changes come quickly.
    const latest = readListQuery(new URLSearchParams(window.location.search));
    const address = `${window.location.pathname}${writeListQuery({ ...latest, ...part })}`;
    if (Object.keys(part).join() === "search") window.history.replaceState(null, "", address);
    else window.history.pushState(null, "", address);
  };
  return { query, change };
}
