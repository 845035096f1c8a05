"use client";

import { usePathname, useSearchParams } from "next/navigation";

type Change = Record<string, string | null>;

/**
 * The query of the page's address, and changes of it without loading anything: `go` can be undone by the browser's back
 * button, `replace` can not. Null takes a parameter out.
 */
export function useAddress() {
  const address = useSearchParams();
  const pathname = usePathname();
  const changed = (change: Change) => {
    const next = new URLSearchParams(window.location.search);
    for (const [name, value] of Object.entries(change)) {
      if (value === null) next.delete(name);
      else next.set(name, value);
    }
    return next.size > 0 ? `${pathname}?${next}` : pathname;
  };
  return {
    address,
    go: (change: Change) => window.history.pushState(null, "", changed(change)),
    replace: (change: Change) => window.history.replaceState(null, "", changed(change)),
  };
}
