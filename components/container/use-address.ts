"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { useEffect } from "react";
import { createAskedAddress } from "./asked-address.ts";

type Change = Record<string, string | null>;

const asked = createAskedAddress();

/**
 * The query of the page's address, and changes of it without loading anything: `go` can be undone by the browser's back
 * button, `replace` can not. Null takes a parameter out. `latest` is what the changes so far come to, which `address`, as
 * rendered, follows.
 */
export function useAddress() {
  const address = useSearchParams();
  const pathname = usePathname();
  useEffect(() => asked.rendered(pathname, address), [pathname, address]);
  const latest = () => asked.latest(pathname, window.location.search);
  const changed = (change: Change) => {
    const next = latest();
    for (const [name, value] of Object.entries(change)) {
      if (value === null) next.delete(name);
      else next.set(name, value);
    }
    asked.ask(pathname, next);
    return next.size > 0 ? `${pathname}?${next}` : pathname;
  };
  return {
    address,
    latest,
    go: (change: Change) => window.history.pushState(null, "", changed(change)),
    replace: (change: Change) => window.history.replaceState(null, "", changed(change)),
  };
}
