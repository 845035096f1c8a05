"use client";

import { useEffect, useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import type { Trace, TraceSummary } from "@/lib/contract/trace.ts";
import { api, problemFrom } from "../api.ts";
import { sessionOf } from "./trace-choice.ts";
import { type TraceState, useAsking } from "./use-trace.ts";

/** The traces of a container that are kept, newest first; none while they can't be read. */
export function useTraces({ id, startedAt, finishedAt, problem }: Container): readonly TraceSummary[] {
  const [traces, setTraces] = useState<readonly TraceSummary[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a start or an end is what makes a new trace
  useEffect(() => {
    const call = new AbortController();
    api.call("listTraces", { params: { name: id }, signal: call.signal }).then(
      ({ items }) => setTraces(items),
      () => {},
    );
    return () => call.abort();
  }, [id, startedAt, finishedAt, problem?.detail]);
  return traces;
}

/** The trace that the page's address names; `none` when it names none. */
export function useNamedTrace({ id, finishedAt }: Container, ref: string | null): TraceState {
  const [state, setState] = useState<TraceState>({ kind: ref === null ? "none" : "loading" });
  const { asked, retry } = useAsking(state);
  const end = ref === "end" ? finishedAt : null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the last end is another one after each; being asked is a reason, too
  useEffect(() => {
    if (ref === null) return setState({ kind: "none" });
    // A reason for its absence stays in sight until there is an answer.
    setState((before) => (before.kind === "failed" ? before : { kind: "loading" }));
    const call = new AbortController();
    read(id, ref, call.signal).then(
      (trace) => setState({ kind: "there", trace }),
      (error: unknown) => {
        if (!call.signal.aborted) setState({ kind: "failed", problem: problemFrom(error), retry });
      },
    );
    return () => call.abort();
  }, [id, ref, end, asked, retry]);
  return state;
}

function read(container: string, ref: string, signal: AbortSignal): Promise<Trace> {
  if (ref === "end") return api.call("getTrace", { params: { name: container }, query: { of: "end" }, signal });
  const session = sessionOf(ref);
  if (session === null) return api.call("getOperationTrace", { params: { id: ref }, signal });
  return api.call("getSessionTrace", { params: { name: container, id: session }, signal });
}
