"use client";

import { useEffect, useState } from "react";
import { Spinner } from "../ui/spinner.tsx";
import { useLiveStatus } from "./use-containers.ts";

const patienceMs = 1_500;

/** Says that what the page shows may be old, once the stream has been away for more than a moment. */
export function StreamBanner() {
  const stale = useLiveStatus() === "stale";
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (!stale) return setShown(false);
    const timer = setTimeout(() => setShown(true), patienceMs);
    return () => clearTimeout(timer);
  }, [stale]);
  if (!shown) return null;
  return (
    <div role="status" className="border-warn/30 border-b bg-warn-soft text-sm">
      <p className="mx-auto flex max-w-7xl items-center gap-2 px-4 py-2 sm:px-6">
        <Spinner className="size-3.5 text-warn" />
        <span>
          <span className="font-medium">Connection lost.</span>{" "}
          <span className="text-soft">What you see may be old. Containers go on; this page catches up by itself.</span>
        </span>
      </p>
    </div>
  );
}
