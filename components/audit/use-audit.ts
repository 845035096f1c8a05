"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import type { AuditEntry } from "@/lib/contract/audit.ts";
import type { Problem } from "@/lib/contract/problem.ts";
import { api, problemFrom } from "../api.ts";
import { useRetry } from "../live/use-retry.ts";
import { type AuditView, filterOf } from "./audit-query.ts";

const pageSize = 200;
/** Typing is waited for this long, in milliseconds. */
const pauseMs = 250;

interface Audit {
  entries: readonly AuditEntry[];
  /** Where older ones begin; null when there are none, undefined while nothing was read. */
  next: string | null | undefined;
  problem: Problem | null;
}

const nothing: Audit = { entries: [], next: undefined, problem: null };

/** The entries of a view, the newest first; `more` reads older ones, `reload` all anew. */
export function useAudit({ text, who, result, since }: AuditView) {
  const [audit, setAudit] = useState(nothing);
  const [loadingMore, setLoadingMore] = useState(false);
  const [round, setRound] = useState(0);
  const filter = useRef(filterOf({ text, who, result, since }, 0));

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round reads the same view anew
  useEffect(() => {
    const call = new AbortController();
    const read = async () => {
      filter.current = filterOf({ text, who, result, since }, Date.now());
      try {
        const query = { ...filter.current, limit: pageSize };
        const page = await api.call("listAudit", { query, signal: call.signal });
        setAudit({ entries: page.items, next: page.next, problem: null });
      } catch (error) {
        if (!call.signal.aborted) setAudit({ ...nothing, next: null, problem: problemFrom(error) });
      }
    };
    const timer = setTimeout(read, text === "" ? 0 : pauseMs);
    return () => {
      clearTimeout(timer);
      call.abort();
    };
  }, [text, who, result, since, round]);

  const more = useCallback(async () => {
    if (!audit.next || loadingMore) return;
    setLoadingMore(true);
    try {
      const page = await api.call("listAudit", { query: { ...filter.current, limit: pageSize, cursor: audit.next } });
      setAudit((before) =>
        before.next === audit.next
          ? { entries: [...before.entries, ...page.items], next: page.next, problem: null }
          : before,
      );
    } catch (error) {
      setAudit((before) => ({ ...before, problem: problemFrom(error) }));
    } finally {
      setLoadingMore(false);
    }
  }, [audit.next, loadingMore]);

  const reload = () => setRound((number) => number + 1);
  useRetry(audit.problem, reload);
  return { ...audit, more, loadingMore, reload };
}
