"use client";

import { useEffect, useState } from "react";

/** Whole seconds until a moment, counted down to 0; null while there is none. */
export function useCountdown(to: string | null): number | null {
  const [left, setLeft] = useState<number | null>(null);
  useEffect(() => {
    if (to === null) return setLeft(null);
    const count = () => setLeft(Math.max(0, Math.ceil((Date.parse(to) - Date.now()) / 1000)));
    count();
    const timer = setInterval(count, 500);
    return () => clearInterval(timer);
  }, [to]);
  return left;
}
