"use client";

import { useCallback } from "react";
import type { Container } from "@/lib/contract/container.ts";
import { api } from "../api.ts";
import type { OpenLog } from "./log-feed.ts";
import { LogPanel } from "./log-panel.tsx";

/** What a container has printed, in all its runs that the log still holds. */
export function LogsView({ container }: { container: Container }) {
  const { id, name } = container;
  const open: OpenLog = useCallback(
    (query, signal) =>
      api.open("readLogs", {
        params: { name: id },
        query,
        signal,
        accept: query.follow ? "text/event-stream" : "application/x-ndjson",
      }),
    [id],
  );
  return (
    <LogPanel
      open={open}
      pages
      apart={!container.tty}
      names={false}
      run={container.startedAt}
      download={(query) => `/api/v1/containers/${id}/logs?${query}`}
      downloadName={`${name}.log`}
      className="h-[max(24rem,calc(100dvh-17rem))]"
    />
  );
}
