"use client";

import { useEffect, useState, useSyncExternalStore } from "react";
import { buttonStyle } from "../ui/button.tsx";
import { Spinner } from "../ui/spinner.tsx";
import { session, signInPath } from "./session.ts";
import { useLiveStatus } from "./use-containers.ts";

const patienceMs = 1_500;

/**
 * Says that what the page shows may be old, once the stream has been away for more than a moment; or that the session has
 * ended, and where to sign in.
 */
export function StreamBanner() {
  const stale = useLiveStatus() === "stale";
  const ended = useSyncExternalStore(session.subscribe, session.ended, () => false);
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (!stale) return setShown(false);
    const timer = setTimeout(() => setShown(true), patienceMs);
    return () => clearTimeout(timer);
  }, [stale]);
  if (ended) return <SessionEnded />;
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

/** Another page, not a link within this one: everything that is shown was read for whoever was signed in. */
function SessionEnded() {
  return (
    <div role="alert" className="border-warn/30 border-b bg-warn-soft text-sm">
      <p className="mx-auto flex max-w-7xl flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2 sm:px-6">
        <span>
          <span className="font-medium">Your session has ended.</span>{" "}
          <span className="text-soft">What you see is as it was then. Containers go on.</span>
        </span>
        <button
          type="button"
          className={buttonStyle({ size: "sm" })}
          onClick={() => window.location.assign(signInPath())}
        >
          Sign in
        </button>
      </p>
    </div>
  );
}
