"use client";

import { Play, RotateCw, SquareTerminal } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import type { Problem } from "@/lib/contract/problem.ts";
import { describeEnding, isRunning } from "../containers/describe.ts";
import { RoleButton } from "../shell/role-button.tsx";
import { Button } from "../ui/button.tsx";
import { Prose } from "../ui/prose.tsx";
import { Spinner } from "../ui/spinner.tsx";
import { describeExit } from "./notices.ts";
import type { TerminalState } from "./terminal-client.ts";

interface OwnProps {
  container: Container;
  state: TerminalState;
  starting: boolean;
  onStart: () => void;
  onRetry: () => void;
  /** Goes to another view of the container. */
  onShow: (view: "trace" | "logs") => void;
}

/** What is said when typing at the container's own terminal leads nowhere: why, and what to do. */
export function OwnNotice({ container, state, starting, onStart, onRetry, onShow }: OwnProps) {
  if (container.state === "starting") {
    return <Bar title="Starting" detail="The terminal attaches by itself." busy />;
  }
  if (container.state === "restarting") {
    return (
      <Bar title="Restarting" detail="Its restart policy starts it again; the terminal attaches by itself." busy />
    );
  }
  if (isRunning(container)) return <StreamNotice state={state} onRetry={onRetry} />;
  const start = (
    <RoleButton variant="primary" pending={starting} onClick={onStart}>
      {!starting && <Play />}
      {container.startedAt ? "Start again" : "Start container"}
    </RoleButton>
  );
  const ending = describeEnding(container);
  if (!ending)
    return container.startedAt ? (
      <Bar title="Not running" detail="">
        {start}
      </Bar>
    ) : (
      <EmptyScreen>{start}</EmptyScreen>
    );
  return (
    <Bar {...ending}>
      <Button variant="ghost" className="max-sm:hidden" onClick={() => onShow("logs")}>
        Logs
      </Button>
      <Button variant="ghost" className="max-sm:hidden" onClick={() => onShow("trace")}>
        Trace
      </Button>
      {start}
    </Bar>
  );
}

interface ShellProps {
  state: TerminalState;
  name: string;
  /** False when the container has ended, and with it every command in it. */
  running: boolean;
  onRetry: () => void;
  onAgain: () => void;
  onClose: () => void;
}

/** The same for a command in the container. */
export function ShellNotice({ state, name, running, onRetry, onAgain, onClose }: ShellProps) {
  const gone = state.kind === "refused" && state.problem.code === "session-not-found";
  if (state.kind !== "ended" && !gone) return <StreamNotice state={state} onRetry={onRetry} />;
  const title = state.kind === "ended" ? `${name} ended: ${describeExit(state.exit)}` : `${name} was ended`;
  const detail = !running
    ? "The container has ended, and with it everything in it."
    : gone
      ? "Somebody ended this session. What it printed can be replayed."
      : "What it printed stays here, and can be replayed.";
  return (
    <Bar title={title} detail={detail}>
      <Button variant="ghost" onClick={onClose}>
        Close
      </Button>
      {running && (
        <Button onClick={onAgain}>
          <SquareTerminal />
          Open another
        </Button>
      )}
    </Bar>
  );
}

/** Says that a stream is broken or refused. */
export function StreamNotice({ state, onRetry }: { state: TerminalState; onRetry: () => void }) {
  if (state.kind === "reconnecting") return <Reconnecting retryAt={state.retryAt} onRetry={onRetry} />;
  if (state.kind === "refused") return <Refused problem={state.problem} onRetry={onRetry} />;
  return null;
}

const patienceMs = 400;

/** A break that mends itself in a moment is not spoken of. */
function Reconnecting({ retryAt, onRetry }: { retryAt: number; onRetry: () => void }) {
  const [shown, setShown] = useState(false);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const patience = setTimeout(() => setShown(true), patienceMs);
    const ticking = setInterval(() => setNow(Date.now()), 1_000);
    return () => {
      clearTimeout(patience);
      clearInterval(ticking);
    };
  }, []);
  if (!shown) return null;
  const seconds = Math.ceil((retryAt - now) / 1_000);
  const when = seconds > 0 ? `Tries again in ${seconds} s.` : "Trying now.";
  return (
    <Bar title="The connection broke" detail={`The session goes on, and no output is lost. ${when}`} busy>
      <Button size="sm" onClick={onRetry}>
        Try now
      </Button>
    </Bar>
  );
}

function Refused({ problem: { title, detail, remedy, code }, onRetry }: { problem: Problem; onRetry: () => void }) {
  return (
    <Bar title={title} detail={[detail, remedy].filter(Boolean).join(" ")}>
      {code === "unauthenticated" ? (
        <Button onClick={() => window.location.reload()}>Sign in</Button>
      ) : (
        <Button onClick={onRetry}>
          <RotateCw />
          Try again
        </Button>
      )}
    </Bar>
  );
}

/** Covers a screen on which nothing has ever stood. */
function EmptyScreen({ children }: { children: ReactNode }) {
  return (
    <div
      role="status"
      className="absolute inset-0 z-10 flex flex-col items-center justify-center gap-4 bg-terminal px-6 text-center"
    >
      <p className="font-mono text-faint text-sm" aria-hidden="true">
        ❯ <span className="inline-block h-4 w-2 animate-pulse-soft bg-faint align-text-bottom" />
      </p>
      <p className="text-soft text-sm">Its terminal opens here when it runs.</p>
      {children}
    </div>
  );
}

interface BarProps {
  title: string;
  detail: string;
  busy?: boolean;
  children?: ReactNode;
}

/** A word below the screen, with what can be done. */
export function Bar({ title, detail, busy, children }: BarProps) {
  return (
    <div
      role="status"
      className="flex animate-rise flex-wrap items-center gap-x-4 gap-y-2 border-t bg-surface px-4 py-3 text-sm"
    >
      <div className="min-w-0 flex-1 basis-56">
        <p className="flex items-center gap-2 font-medium">
          {busy && <Spinner className="size-3.5 text-faint" />}
          {title}
        </p>
        {detail && (
          <p className="text-pretty text-soft text-xs">
            <Prose>{detail}</Prose>
          </p>
        )}
      </div>
      <div className="flex flex-wrap gap-2">{children}</div>
    </div>
  );
}
