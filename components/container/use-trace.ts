"use client";

import { useCallback, useEffect, useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import type { Problem } from "@/lib/contract/problem.ts";
import type { Trace } from "@/lib/contract/trace.ts";
import { api, problemFrom } from "../api.ts";
import { useRetry } from "../live/use-retry.ts";

export type TraceState =
  | { kind: "none" }
  | { kind: "loading" }
  | { kind: "there"; trace: Trace }
  | { kind: "failed"; problem: Problem; retry: () => void };

/** The trace of a container's last start; read again after each start, whether it worked or not. */
export function useTrace({ id, startedAt, problem }: Container): TraceState {
  const [state, setState] = useState<TraceState>({ kind: "loading" });
  const { asked, retry } = useAsking(state);
  const started = startedAt !== null || problem !== null;
  const failure = problem?.operationId ?? problem?.detail;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a start or a failed one is what makes a new trace; being asked is a reason, too
  useEffect(() => {
    if (!started) return setState({ kind: "none" });
    const call = new AbortController();
    api.call("getTrace", { params: { name: id }, signal: call.signal }).then(
      (trace) => setState({ kind: "there", trace }),
      (error: unknown) => {
        if (call.signal.aborted) return;
        const reason = problemFrom(error);
        setState(reason.status === 404 ? { kind: "none" } : { kind: "failed", problem: reason, retry });
      },
    );
    return () => call.abort();
  }, [id, startedAt, failure, started, asked, retry]);
  return state;
}

/** How often a trace was asked for again: by `retry`, and by itself while what has to answer is away. */
export function useAsking(state: TraceState): { asked: number; retry: () => void } {
  const [asked, setAsked] = useState(0);
  const retry = useCallback(() => setAsked((before) => before + 1), []);
  useRetry(state.kind === "failed" ? state.problem : null, retry);
  return { asked, retry };
}
