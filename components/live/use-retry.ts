"use client";

import { useEffect, useRef } from "react";
import type { Problem } from "@/lib/contract/problem.ts";

const retryMs = 5_000;

/** Reads anew by itself, while the page is looked at, for as long as MiniRun, or the part that has to answer, is away. */
export function useRetry(problem: Problem | null, reload: () => void): void {
  const isAway = problem?.status === 503 || problem?.status === 0;
  const latest = useRef(reload);
  useEffect(() => {
    latest.current = reload;
  });
  useEffect(() => {
    if (!isAway) return;
    const timer = setInterval(() => {
      if (!document.hidden) latest.current();
    }, retryMs);
    return () => clearInterval(timer);
  }, [isAway]);
}
