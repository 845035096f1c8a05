"use client";

import { useEffect, useState } from "react";
import { type Problem, problem } from "@/lib/contract/problem.ts";
import type { RecordingInfo } from "@/lib/contract/session.ts";
import { api, problemFrom } from "../api.ts";
import { ProblemNotice } from "../container/problem-notice.tsx";
import { formatBytes } from "../format.ts";
import { Progress } from "../ui/progress.tsx";
import type { Cast } from "./asciicast.ts";
import { PlayerView } from "./player-view.tsx";

type State = { kind: "loading"; read: number } | { kind: "there"; cast: Cast } | { kind: "failed"; problem: Problem };

/** Loads a recording and replays it. */
export function Replay({ containerId, recording: { id, bytes } }: { containerId: string; recording: RecordingInfo }) {
  const [state, setState] = useState<State>({ kind: "loading", read: 0 });
  useEffect(() => {
    const call = new AbortController();
    const load = async () => {
      const [{ readCast }, response] = await Promise.all([
        import("./asciicast.ts"),
        api.open("readRecording", { params: { name: containerId, id }, signal: call.signal }),
      ]);
      if (!response.body) throw new Error("the answer is empty");
      return readCast(response.body, (read) => !call.signal.aborted && setState({ kind: "loading", read }));
    };
    load().then(
      (cast) => !call.signal.aborted && setState({ kind: "there", cast }),
      (error: unknown) => !call.signal.aborted && setState({ kind: "failed", problem: toProblem(error) }),
    );
    return () => call.abort();
  }, [containerId, id]);

  switch (state.kind) {
    case "failed":
      return <ProblemNotice problem={state.problem} />;
    case "there":
      return state.cast.events.length > 0 ? (
        <PlayerView cast={state.cast} />
      ) : (
        <p className="rounded-xl border border-dashed px-6 py-14 text-center text-soft text-sm">
          It has printed nothing.
        </p>
      );
    case "loading":
      return (
        <div role="status" className="rounded-xl border bg-terminal px-6 py-24 text-center shadow-card">
          <p className="text-soft text-sm tabular-nums">Loading {formatBytes(state.read)}</p>
          <Progress label="Loading" value={bytes > 0 ? state.read / bytes : null} className="mx-auto mt-3 max-w-xs" />
        </div>
      );
  }
}

function toProblem(error: unknown): Problem {
  if (error instanceof Error && error.message.includes("recording")) {
    return problem("internal", "The recording cannot be read", error.message, {
      remedy: "Download it, and report what stands in that line.",
    });
  }
  return problemFrom(error);
}
