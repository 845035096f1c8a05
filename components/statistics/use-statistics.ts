"use client";

import { useEffect, useMemo, useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import type { Problem } from "@/lib/contract/problem.ts";
import type { HistoryQuery, StatsSample } from "@/lib/contract/stats.ts";
import { api, problemFrom } from "../api.ts";
import { isRunning } from "../containers/describe.ts";
import { keepStream } from "../live/keep-stream.ts";
import { watchSight } from "../live/watch-sight.ts";
import { type Columns, emptyColumns, fromHistory, joinColumns, withSample } from "./columns.ts";

export type Range = HistoryQuery["range"];

/** How long a range is, and how often its history is read anew. */
export const ranges: Record<Range, { seconds: number; readEverySeconds: number }> = {
  "15m": { seconds: 15 * 60, readEverySeconds: 60 },
  "1d": { seconds: 86_400, readEverySeconds: 60 },
  "30d": { seconds: 30 * 86_400, readEverySeconds: 300 },
};

/** What a container uses and used. Everything stays when it ends, or while the stream is away. */
export function useStatistics(container: Container, range: Range) {
  const { history, problem } = useHistory(container.id, range);
  const live = useLiveColumns(container);
  const columns = useMemo(
    () => (range === "15m" ? joinColumns(history ?? emptyColumns(), live.columns) : (history ?? emptyColumns())),
    [history, live.columns, range],
  );
  return { ...live, columns, problem, loading: history === null && problem === null };
}

function useHistory(id: string, range: Range) {
  const [history, setHistory] = useState<{ range: Range; columns: Columns } | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    const call = new AbortController();
    const read = async () => {
      try {
        const told = await api.call("getStatsHistory", { params: { name: id }, query: { range }, signal: call.signal });
        setHistory({ range, columns: fromHistory(told) });
        setProblem(null);
      } catch (error) {
        if (!call.signal.aborted) setProblem(problemFrom(error));
      }
    };
    void read();
    const timer = setInterval(() => !document.hidden && void read(), ranges[range].readEverySeconds * 1000);
    // What was measured while nobody looked: the live stream has not told it here.
    const sight = watchSight({ onSeen: () => void read() });
    return () => {
      sight.stop();
      clearInterval(timer);
      call.abort();
    };
  }, [id, range]);
  return { history: history?.range === range ? history.columns : null, problem };
}

interface Live {
  columns: Columns;
  latest: StatsSample | null;
  /** When the kernel was seen to kill for memory, in seconds since 1970. */
  killedAt: number[];
}

const nothing: Live = { columns: emptyColumns(), latest: null, killedAt: [] };

function useLiveColumns(container: Container) {
  const [live, setLive] = useState(nothing);
  const [away, setAway] = useState(false);
  const running = isRunning(container);
  const { id, startedAt } = container;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each start has a stream of its own
  useEffect(() => {
    if (!running) return;
    const open = () => {
      const source = new EventSource(`/api/v1/containers/${id}/stats?follow=true`);
      source.addEventListener("message", ({ data }: MessageEvent<string>) => {
        const sample: StatsSample = JSON.parse(data);
        setAway(false);
        setLive((before) => advance(before, sample));
      });
      return source;
    };
    const stop = keepStream({ open, onAway: () => setAway(true) });
    return () => {
      stop();
      setAway(false);
    };
  }, [id, startedAt, running]);
  return { ...live, away };
}

function advance({ columns, latest, killedAt }: Live, sample: StatsSample): Live {
  const killed = latest !== null && (sample.memory.oomKills ?? 0) > (latest.memory.oomKills ?? 0);
  return {
    columns: withSample(columns, sample, latest, ranges["15m"].seconds),
    latest: sample,
    killedAt: killed ? [...killedAt, Date.parse(sample.at) / 1000] : killedAt,
  };
}
