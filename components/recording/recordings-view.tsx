"use client";

import { Download, History, Play } from "lucide-react";
import Link from "next/link";
import { useCallback, useEffect, useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import type { Problem } from "@/lib/contract/problem.ts";
import type { RecordingInfo } from "@/lib/contract/session.ts";
import { api, problemFrom } from "../api.ts";
import { ProblemNotice } from "../container/problem-notice.tsx";
import { formatBytes, formatMoment } from "../format.ts";
import { useRetry } from "../live/use-retry.ts";
import { sessionName } from "../terminal/session-name.ts";
import { Breadcrumb } from "../ui/breadcrumb.tsx";
import { Button, buttonStyle } from "../ui/button.tsx";
import { cn } from "../ui/class-names.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { RowsSkeleton } from "../ui/skeleton.tsx";
import { formatClock } from "./format-clock.ts";
import { Replay } from "./replay.tsx";

/** What a container's terminals have shown, to be seen again. `initialPlay` is the recording to begin with. */
export function RecordingsView({ container, initialPlay }: { container: Container; initialPlay: string | null }) {
  const [recordings, setRecordings] = useState<readonly RecordingInfo[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [playing, setPlaying] = useState(initialPlay);
  const { id, name } = container;
  const page = `/containers/${encodeURIComponent(name)}`;

  const [asked, setAsked] = useState(0);
  const reload = useCallback(() => setAsked((before) => before + 1), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: being asked is a reason to read again
  useEffect(() => {
    const call = new AbortController();
    api.call("listRecordings", { params: { name: id }, signal: call.signal }).then(
      ({ items }) => {
        setRecordings(items);
        setProblem(null);
      },
      (error: unknown) => !call.signal.aborted && setProblem(problemFrom(error)),
    );
    return () => call.abort();
  }, [id, asked]);
  useRetry(problem, reload);

  const play = (recording: string) => {
    setPlaying(recording);
    const url = new URL(window.location.href);
    url.searchParams.set("play", recording);
    window.history.replaceState(null, "", url);
  };
  const chosen = recordings?.find((recording) => recording.id === playing);
  return (
    <>
      <Breadcrumb
        above={[
          { href: "/containers", label: "Containers" },
          { href: page, label: name },
        ]}
        here="Recordings"
      />
      <h1 className="mt-1 font-semibold text-2xl tracking-[-0.025em]">Recordings</h1>
      <p className="mt-0.5 text-pretty text-faint text-xs">
        What the terminals of {name} have shown, kept with its output. Replay it here, or with any asciicast player.
      </p>
      {problem && <ProblemNotice problem={problem} onRetry={reload} />}
      {playing !== null && recordings && !chosen && (
        <p role="status" className="mt-4 rounded-xl border bg-warn-soft px-4 py-3 text-sm">
          That recording is not there any more.
        </p>
      )}
      {chosen && (
        <div className="mt-5 min-w-0">
          <Replay key={chosen.id} containerId={id} recording={chosen} />
        </div>
      )}
      <div className="mt-5">
        {!recordings && !problem && <RowsSkeleton label="Loading the recordings" rows={2} />}
        {recordings?.length === 0 && (
          <EmptyState
            icon={<History />}
            title="Nothing is recorded yet"
            action={
              <Link href={page} className={buttonStyle()}>
                Go to its terminal
              </Link>
            }
          >
            Everything that a terminal of this container prints can be replayed here.
          </EmptyState>
        )}
        {recordings && recordings.length > 0 && (
          <ul className="overflow-hidden rounded-xl border bg-surface shadow-card">
            {recordings.map((recording) => (
              <Row
                key={recording.id}
                recording={recording}
                containerId={id}
                file={`${name}-${recording.id}.cast`}
                playing={recording.id === playing}
                onPlay={() => play(recording.id)}
              />
            ))}
          </ul>
        )}
      </div>
    </>
  );
}

interface RowProps {
  recording: RecordingInfo;
  containerId: string;
  file: string;
  playing: boolean;
  onPlay: () => void;
}

function Row({ recording, containerId, file, playing, onPlay }: RowProps) {
  const { id, mode, startedAt, endedAt, bytes } = recording;
  const name = mode === "attach" ? "The container's own terminal" : sessionName(recording);
  const length = endedAt ? formatClock((Date.parse(endedAt) - Date.parse(startedAt)) / 1_000) : "goes on";
  return (
    <li
      className={cn(
        "flex items-center gap-3 border-b px-4 py-2.5 last:border-b-0 hover:bg-hover",
        playing && "bg-accent-soft",
      )}
    >
      <div className="min-w-0 flex-1">
        <p className={cn("truncate text-sm", mode === "exec" ? "font-mono text-xs" : "font-medium")}>{name}</p>
        <p className="mt-0.5 truncate text-faint text-xs tabular-nums">
          <time dateTime={startedAt} suppressHydrationWarning>
            {formatMoment(startedAt)}
          </time>{" "}
          · {length} · {formatBytes(bytes)}
        </p>
      </div>
      <a
        href={`/api/v1/containers/${containerId}/recordings/${encodeURIComponent(id)}`}
        download={file}
        aria-label={`Download ${name}`}
        title="Download (.cast)"
        className={buttonStyle({ variant: "ghost", size: "icon" })}
      >
        <Download />
      </a>
      <Button size="sm" aria-label={`Play ${name}`} onClick={onPlay}>
        <Play />
        Play
      </Button>
    </li>
  );
}
