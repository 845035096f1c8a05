"use client";

import { useMemo } from "react";
import { useAddress } from "../container/use-address.ts";
import { type ListQuery, listParameters, readListQuery } from "./list-query.ts";

/**
 * The list's query, which stands in the address: it can be shared, and the back button goes to the one before. Typing in
 * the search changes the address in place.
 */
export function useListQuery() {
  const { address, latest, go, replace } = useAddress();
  const query = useMemo(() => readListQuery(address), [address]);
  const change = (part: Partial<ListQuery>) => {
    const parameters = listParameters({ ...readListQuery(latest()), ...part });
    if (Object.keys(part).join() === "search") replace(parameters);
    else go(parameters);
  };
  return { query, change };
}
