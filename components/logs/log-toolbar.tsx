"use client";

import { CaseSensitive, Clock, Download, Search, WrapText, X } from "lucide-react";
import { type ComponentProps, useEffect, useRef, useState } from "react";
import { buttonStyle } from "../ui/button.tsx";
import { cn } from "../ui/class-names.ts";
import { Select } from "../ui/select.tsx";
import type { FeedStatus, LogFilter } from "./log-feed.ts";
import type { LineLook } from "./log-lines.tsx";

const words: Record<FeedStatus, string> = {
  loading: "Loading",
  live: "Live",
  ended: "Ended",
  broken: "Connection lost, trying again",
  refused: "Stopped",
};

const spans = [
  { value: "", label: "All of it" },
  { value: "5m", label: "Last 5 min" },
  { value: "1h", label: "Last hour" },
  { value: "24h", label: "Last day" },
] as const;

const streams = [
  { value: "", label: "Both streams" },
  { value: "stdout", label: "stdout" },
  { value: "stderr", label: "stderr" },
] as const;

interface Props {
  status: FeedStatus;
  filter: LogFilter;
  onFilter: (filter: LogFilter) => void;
  look: LineLook;
  onLook: (look: LineLook) => void;
  /** Whether its output and its errors are apart: not with a terminal. */
  apart: boolean;
  download: { href: string; name: string };
}

const searchDelayMs = 250;

/** What narrows the log, how it is drawn, and the way to have it whole. */
export function LogToolbar({ status, filter, onFilter, look, onLook, apart, download }: Props) {
  return (
    <header className="flex flex-wrap items-center gap-x-1 gap-y-2 border-b bg-sunken/60 p-1.5 pl-3 text-xs">
      <span role="status" className="mr-2 flex items-center gap-1.5 text-soft">
        <span
          className={cn(
            "size-1.5 rounded-full",
            status === "live" && "bg-ok",
            (status === "broken" || status === "refused") && "bg-warn",
            (status === "loading" || status === "ended") && "bg-faint/60",
          )}
          aria-hidden="true"
        />
        {words[status]}
      </span>
      <Expression filter={filter} onFilter={onFilter} />
      <Select
        aria-label="Time"
        items={spans}
        value={filter.since as (typeof spans)[number]["value"]}
        onValueChange={(since) => onFilter({ ...filter, since })}
        className="w-30"
      />
      {apart && (
        <Select
          aria-label="Stream"
          items={streams}
          value={filter.stream}
          onValueChange={(stream) => onFilter({ ...filter, stream })}
          className="w-34"
        />
      )}
      <span className="ml-auto flex items-center gap-0.5">
        <Toggle label="Times" pressed={look.times} onClick={() => onLook({ ...look, times: !look.times })}>
          <Clock />
        </Toggle>
        <Toggle label="Wrap long lines" pressed={look.wrap} onClick={() => onLook({ ...look, wrap: !look.wrap })}>
          <WrapText />
        </Toggle>
        <a
          href={download.href}
          download={download.name}
          title="Download it whole"
          className={cn(buttonStyle({ variant: "ghost", size: "sm" }), "any-pointer-coarse:h-10")}
        >
          <Download />
          <span className="max-sm:sr-only">Download</span>
        </a>
      </span>
    </header>
  );
}

/** The regular expression that lines must match, applied once the person has stopped typing. */
function Expression({ filter, onFilter }: Pick<Props, "filter" | "onFilter">) {
  const [text, setText] = useState(filter.grep);
  const input = useRef<HTMLInputElement>(null);
  const latest = useRef({ filter, onFilter });
  useEffect(() => {
    latest.current = { filter, onFilter };
  });
  useEffect(() => setText(filter.grep), [filter.grep]);
  useEffect(() => {
    const timer = setTimeout(() => {
      const { filter: now, onFilter: apply } = latest.current;
      if (text !== now.grep) apply({ ...now, grep: text });
    }, searchDelayMs);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <div className="relative min-w-40 flex-1 basis-56 sm:max-w-96">
      <Search className="pointer-events-none absolute top-1/2 left-2.5 size-3.5 -translate-y-1/2 text-faint" />
      <input
        ref={input}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && setText("")}
        aria-label="Lines that match a regular expression"
        placeholder="Regular expression"
        autoComplete="off"
        spellCheck={false}
        maxLength={500}
        className="h-8 w-full rounded-md border border-line-strong bg-surface pr-16 pl-8 font-mono text-xs outline-none placeholder:font-sans placeholder:text-faint focus:border-accent focus:ring-3 focus:ring-accent/20 any-pointer-coarse:h-10"
      />
      <span className="absolute top-1/2 right-1 flex -translate-y-1/2 items-center">
        {text !== "" && (
          <Toggle label="Clear" onClick={() => setText("")}>
            <X />
          </Toggle>
        )}
        <Toggle
          label="Match case"
          pressed={!filter.ignoreCase}
          onClick={() => onFilter({ ...filter, ignoreCase: !filter.ignoreCase })}
        >
          <CaseSensitive />
        </Toggle>
      </span>
    </div>
  );
}

function Toggle({ label, pressed, ...props }: ComponentProps<"button"> & { label: string; pressed?: boolean }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      className={cn(
        buttonStyle({ variant: "ghost", size: "icon" }),
        "any-pointer-coarse:size-9",
        pressed && "bg-hover text-ink",
      )}
      {...props}
    />
  );
}
