"use client";

import { useCallback, useEffect, useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import type { FileListing } from "@/lib/contract/file.ts";
import type { Problem } from "@/lib/contract/problem.ts";
import { api, problemFrom } from "../api.ts";
import { useRetry } from "../live/use-retry.ts";

interface Listing {
  path: string;
  listing: FileListing | null;
  problem: Problem | null;
}

/**
 * A file or directory of a container; the one before stays in sight until the next is there. Nothing is read while
 * `held`: someone edits what is there. What can't be read anew stays with the reason, unless it is gone.
 */
export function useListing({ id, startedAt }: Container, path: string, held: boolean) {
  const [state, setState] = useState<Listing>({ path, listing: null, problem: null });
  const [asked, setAsked] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a start, and being asked, are reasons to read again
  useEffect(() => {
    if (held) return;
    const call = new AbortController();
    api.call("listFiles", { params: { name: id }, query: { path }, signal: call.signal }).then(
      (listing) => !call.signal.aborted && setState({ path, listing, problem: null }),
      (error: unknown) => {
        if (call.signal.aborted) return;
        const problem = problemFrom(error);
        const isGone = problem.code === "file-not-found";
        setState((before) => ({ path, listing: before.path === path && !isGone ? before.listing : null, problem }));
      },
    );
    return () => call.abort();
  }, [id, path, startedAt, asked, held]);
  useEffect(() => {
    const seen = () => !document.hidden && setAsked((before) => before + 1);
    document.addEventListener("visibilitychange", seen);
    return () => document.removeEventListener("visibilitychange", seen);
  }, []);
  const reload = useCallback(() => setAsked((before) => before + 1), []);
  useRetry(state.problem, reload);
  return { ...state, loading: state.path !== path || (state.listing === null && state.problem === null), reload };
}
