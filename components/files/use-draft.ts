"use client";

import { useEffect, useRef, useSyncExternalStore } from "react";
import { type Draft, draftStore } from "./drafts.ts";

/** What is being typed into a file; null while nobody does. */
export function useDraft(containerId: string, path: string): Draft | null {
  return useSyncExternalStore(
    draftStore.subscribe,
    () => draftStore.get(containerId, path),
    () => null,
  );
}

/** Calls back when a part of the page has gone; not when React only tries that out, as it does in development. */
export function useGone(gone: () => void): void {
  const latest = useRef(gone);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    latest.current = gone;
  });
  useEffect(() => {
    clearTimeout(timer.current);
    return () => {
      timer.current = setTimeout(() => latest.current());
    };
  }, []);
}
