"use client";

import { ArrowDown } from "lucide-react";
import { type KeyboardEvent, useCallback, useLayoutEffect, useMemo, useRef, useState } from "react";
import { ProblemNotice } from "../container/problem-notice.tsx";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/class-names.ts";
import { type FeedStatus, type LogFilter, noFilter, type OpenLog } from "./log-feed.ts";
import { type LineLook, LogLines } from "./log-lines.tsx";
import { LogToolbar } from "./log-toolbar.tsx";
import type { LogLine } from "./log-window.ts";
import { useLogFeed } from "./use-log-feed.ts";

/** Pixels from either end of what is loaded at which more is. */
const nearEnd = 600;
/** Pixels from the end that still count as being there. */
const atEnd = 24;

interface Props {
  open: OpenLog;
  /** Whether the log can be paged by offsets: a merged one can't. */
  pages: boolean;
  apart: boolean;
  names: boolean;
  run: string | null;
  /** Where the log is to be had whole, for a filter's query. */
  download: (query: URLSearchParams) => string;
  downloadName: string;
  className?: string;
}

/** A log: it follows the end until one scrolls up, and never moves while one reads. */
export function LogPanel({ open, pages, apart, names, run, download, downloadName, className }: Props) {
  const [filter, setFilter] = useState(noFilter);
  const [around, setAround] = useState<number | null>(null);
  const [look, setLook] = useState<Omit<LineLook, "names">>({ wrap: true, times: false });
  const { feed, state } = useLogFeed({ open, filter, pages, around, run });
  const { window, following } = state;
  const box = useRef<HTMLDivElement>(null);
  const { wrap, times } = look;
  const lineLook: LineLook = useMemo(() => ({ wrap, times, names }), [wrap, times, names]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: new lines are what there is to scroll to
  useLayoutEffect(() => {
    if (following && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [window, following, lineLook]);

  const target = around === null ? null : `${around}`;
  const arrived = target !== null && window.lines > 0;
  useLayoutEffect(() => {
    if (arrived) box.current?.querySelector(`[data-offset="${target}"]`)?.scrollIntoView({ block: "center" });
  }, [arrived, target]);

  const onScroll = () => {
    const { current } = box;
    if (!feed || !current) return;
    const below = current.scrollHeight - current.scrollTop - current.clientHeight;
    if (following) {
      if (below > atEnd) feed.read();
    } else if (below < nearEnd && state.newer) void feed.loadNewer();
    else if (below <= atEnd && state.unseen === 0) feed.follow();
    // The browser keeps what is in view in its place when lines come in above it, but not at the very top.
    if (current.scrollTop < 1 && state.older) current.scrollTop = 1;
    if (current.scrollTop < nearEnd && below > atEnd && state.older) void feed.loadOlder();
  };

  const change = (next: LogFilter) => {
    setAround(null);
    setFilter(next);
  };
  const showContext = useCallback((line: LogLine) => {
    setFilter(noFilter);
    setAround(line.offset);
  }, []);
  const toEnd = () => (around === null ? feed?.follow() : setAround(null));
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "End" || event.target !== event.currentTarget) return;
    event.preventDefault();
    toEnd();
  };
  const isFiltered = filter.grep !== "" || filter.stream !== "" || filter.since !== "";

  return (
    <section
      aria-label="Logs"
      className={cn("flex min-h-96 flex-col overflow-hidden rounded-xl border bg-terminal shadow-card", className)}
    >
      <LogToolbar
        status={state.status}
        filter={filter}
        onFilter={change}
        look={lineLook}
        onLook={setLook}
        apart={apart}
        download={{ href: download(queryOf(filter)), name: downloadName }}
      />
      {state.problem && (
        <div className="border-b p-3">
          <ProblemNotice problem={state.problem} />
        </div>
      )}
      <div className="relative min-h-0 flex-1">
        <div
          ref={box}
          onScroll={onScroll}
          onKeyDown={onKeyDown}
          role="log"
          aria-live="off"
          aria-label="Output"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
          tabIndex={0}
          className="absolute inset-0 overflow-auto py-2 font-mono text-(--terminal-foreground) text-xs leading-5 outline-offset-[-2px]"
        >
          {state.loadingOlder && <p className="px-3 text-faint">Loading earlier lines …</p>}
          {!state.older && window.lines > 0 && (
            <p className="px-3 pb-1 font-sans text-2xs text-faint">
              {isFiltered ? "No earlier line fits the filter." : pages ? "The log begins here." : ""}
            </p>
          )}
          <LogLines
            chunks={window.chunks}
            look={lineLook}
            onShowContext={isFiltered && pages ? showContext : undefined}
          />
          {window.lines === 0 && state.status !== "loading" && !state.problem && (
            <p className="py-16 text-center font-sans text-faint text-sm">{nothingShown(state.status, isFiltered)}</p>
          )}
        </div>
        {!following && (
          <Button
            size="sm"
            className="absolute right-4 bottom-4 animate-rise shadow-pop any-pointer-coarse:h-10"
            onClick={toEnd}
          >
            <ArrowDown />
            {state.unseen > 0 ? `${state.unseen.toLocaleString()} new lines` : "Follow"}
          </Button>
        )}
      </div>
    </section>
  );
}

function queryOf({ grep, ignoreCase, stream, since }: LogFilter): URLSearchParams {
  const query = new URLSearchParams();
  if (grep !== "") query.set("grep", grep);
  if (grep !== "" && ignoreCase) query.set("ignoreCase", "true");
  if (stream !== "") query.set("stream", stream);
  if (since !== "") query.set("since", since);
  return query;
}

/** Why there is no line; while the connection is lost nobody knows whether there is one. */
function nothingShown(status: FeedStatus, isFiltered: boolean): string {
  if (status === "broken") return "The log is shown as soon as the connection is back.";
  return isFiltered ? "No line fits the filter yet." : "It has printed nothing yet.";
}
