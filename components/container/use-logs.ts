"use client";

import { useEffect, useState } from "react";
import type { LogRecord } from "@/lib/contract/log.ts";

export type LogsStatus = "loading" | "following" | "ended" | "broken";

const tailLines = 2_000;
const maxRecords = 5_000;
const flushMs = 100;

/**
 * The end of a container's log, and what comes. A flood is shown in steps of 100 ms, and only its last records stay;
 * `dropped` says that earlier ones are not shown.
 */
export function useLogs(id: string, startedAt: string | null) {
  const [records, setRecords] = useState<readonly LogRecord[]>([]);
  const [dropped, setDropped] = useState(false);
  const [status, setStatus] = useState<LogsStatus>("loading");
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new start goes on where the ended stream stopped
  useEffect(() => {
    let waiting: LogRecord[] = [];
    let seen = -1;
    setRecords([]);
    const source = new EventSource(`/api/v1/containers/${id}/logs?follow=true&tail=${tailLines}`);
    const flush = () => {
      if (waiting.length === 0) return;
      const fresh = waiting;
      waiting = [];
      setRecords((before) => {
        const all = before.concat(fresh);
        if (all.length <= maxRecords) return all;
        setDropped(true);
        return all.slice(-maxRecords);
      });
    };
    const timer = setInterval(flush, flushMs);
    source.addEventListener("open", () => setStatus("following"));
    source.addEventListener("message", ({ data }: MessageEvent<string>) => {
      const record: LogRecord = JSON.parse(data);
      // After a break the stream begins at the tail again.
      if (record.offset <= seen) return;
      seen = record.offset;
      waiting.push(record);
    });
    source.addEventListener("end", () => {
      source.close();
      flush();
      setStatus("ended");
    });
    source.addEventListener("error", () => setStatus("broken"));
    return () => {
      clearInterval(timer);
      source.close();
    };
  }, [id, startedAt]);
  return { records, status, dropped };
}
