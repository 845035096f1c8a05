"use client";

import { ArrowDown, Download } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import type { LogRecord } from "@/lib/contract/log.ts";
import { Button, buttonStyle } from "../ui/button.tsx";
import { cn } from "../ui/class-names.ts";
import { stripControls } from "./strip-controls.ts";
import { type LogsStatus, useLogs } from "./use-logs.ts";

const words: Record<LogsStatus, string> = {
  loading: "Loading",
  following: "Following",
  ended: "Ended",
  broken: "Connection lost, trying again",
};

/** What a container has printed. It follows the end until one scrolls up, and never moves while one reads. */
export function LogsView({ container }: { container: Container }) {
  const { records, status, dropped } = useLogs(container.id, container.startedAt);
  const text = useMemo(() => joinRecords(records), [records]);
  const box = useRef<HTMLDivElement>(null);
  const [pinned, setPinned] = useState(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: new text is what there is to scroll to
  useEffect(() => {
    if (pinned && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [text, pinned]);
  const onScroll = () => {
    const { current } = box;
    if (current) setPinned(current.scrollHeight - current.scrollTop - current.clientHeight < 24);
  };
  return (
    <section aria-label="Logs" className="overflow-hidden rounded-xl border bg-terminal shadow-card">
      <header className="flex h-9 items-center gap-3 border-b bg-sunken/60 pr-1 pl-3 text-xs">
        <span role="status" className="flex items-center gap-1.5 text-soft">
          <span
            className={cn(
              "size-1.5 rounded-full",
              status === "following" ? "bg-ok" : status === "broken" ? "bg-warn" : "bg-faint/60",
            )}
            aria-hidden="true"
          />
          {words[status]}
        </span>
        {dropped && <span className="text-faint">Older output is in the download.</span>}
        <a
          href={`/api/v1/containers/${container.id}/logs`}
          download={`${container.name}.log`}
          className={cn(buttonStyle({ variant: "ghost", size: "sm" }), "ml-auto")}
        >
          <Download />
          Download
        </a>
      </header>
      <div className="relative">
        <div
          ref={box}
          onScroll={onScroll}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
          tabIndex={0}
          className="h-[max(24rem,calc(100dvh-18rem))] overflow-auto p-3 outline-offset-[-2px]"
        >
          {text.length === 0 && status !== "loading" ? (
            <p className="py-16 text-center text-faint text-sm">It has printed nothing yet.</p>
          ) : (
            <pre className="whitespace-pre-wrap break-words font-mono text-xs leading-5">
              {text.map(({ key, stream, value }) => (
                <span key={key} className={stream === "stderr" ? "text-bad" : undefined}>
                  {value}
                </span>
              ))}
            </pre>
          )}
        </div>
        {!pinned && (
          <Button size="sm" className="absolute right-4 bottom-4 animate-rise" onClick={() => setPinned(true)}>
            <ArrowDown />
            Latest
          </Button>
        )}
      </div>
    </section>
  );
}

interface Piece {
  key: number;
  stream: LogRecord["stream"];
  value: string;
}

/** Joins neighbours of one stream, so that a long log is a few elements and not thousands. */
function joinRecords(records: readonly LogRecord[]): Piece[] {
  const pieces: { key: number; stream: LogRecord["stream"]; parts: string[] }[] = [];
  for (const { offset, stream, text } of records) {
    const last = pieces.at(-1);
    if (last?.stream === stream) last.parts.push(text);
    else pieces.push({ key: offset, stream, parts: [text] });
  }
  return pieces.map(({ key, stream, parts }) => ({ key, stream, value: stripControls(parts.join("")) }));
}
