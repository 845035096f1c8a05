"use client";

import { useEffect, useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import type { TraceSummary } from "@/lib/contract/trace.ts";
import { api, problemFrom } from "../api.ts";
import type { TraceState } from "./use-trace.ts";

/** The starts of a container whose traces are kept, newest first; none while they can't be read. */
export function useTraces({ id, startedAt, problem }: Container): readonly TraceSummary[] {
  const [traces, setTraces] = useState<readonly TraceSummary[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a start or a failed one is what makes a new trace
  useEffect(() => {
    const call = new AbortController();
    api.call("listTraces", { params: { name: id }, signal: call.signal }).then(
      ({ items }) => setTraces(items),
      () => {},
    );
    return () => call.abort();
  }, [id, startedAt, problem?.detail]);
  return traces;
}

/** The trace of the start that an operation was; `none` when none is named. */
export function useOperationTrace(operationId: string | null): TraceState {
  const [state, setState] = useState<TraceState>({ kind: "none" });
  useEffect(() => {
    if (operationId === null) return setState({ kind: "none" });
    setState({ kind: "loading" });
    const call = new AbortController();
    api.call("getOperationTrace", { params: { id: operationId }, signal: call.signal }).then(
      (trace) => setState({ kind: "there", trace }),
      (error: unknown) => {
        if (!call.signal.aborted) setState({ kind: "failed", problem: problemFrom(error) });
      },
    );
    return () => call.abort();
  }, [operationId]);
  return state;
}
