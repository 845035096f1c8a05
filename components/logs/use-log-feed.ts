"use client";

import { useEffect, useState, useSyncExternalStore } from "react";
import {
  createLogFeed,
  type FeedState,
  initialFeedState,
  type LogFeed,
  type LogFilter,
  type OpenLog,
} from "./log-feed.ts";

interface Options {
  open: OpenLog;
  filter: LogFilter;
  pages: boolean;
  around: number | null;
  /** When the container's run began: with another one an ended log goes on. */
  run: string | null;
}

/** A feed for as long as the page shows it; another filter or place makes another one. `open` must be a stable function. */
export function useLogFeed({ open, filter, pages, around, run }: Options): { feed: LogFeed | null; state: FeedState } {
  const [feed, setFeed] = useState<LogFeed | null>(null);
  useEffect(() => {
    const next = createLogFeed({ open, filter, pages, around });
    setFeed(next);
    return () => next.close();
  }, [open, filter, pages, around]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another run is the reason; a new feed begins by itself
  useEffect(() => feed?.goOn(), [run]);
  const state = useSyncExternalStore(
    feed?.subscribe ?? neverChanges,
    feed?.state ?? (() => initialFeedState),
    () => initialFeedState,
  );
  return { feed, state };
}

const neverChanges = () => () => {};
