"use client";

import { createContext, type ReactNode, useContext, useEffect, useState } from "react";

const Now = createContext(0);

const tickMs = 5_000;

/** Gives ages one clock: at first the server's, so that both render the same, then the browser's. */
export function Clock({ renderedAt, children }: { renderedAt: number; children: ReactNode }) {
  const [now, setNow] = useState(renderedAt);
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), tickMs);
    return () => clearInterval(timer);
  }, []);
  return <Now value={now}>{children}</Now>;
}

/** The time of the page's clock, in Unix milliseconds. */
export function useNow(): number {
  return useContext(Now);
}
