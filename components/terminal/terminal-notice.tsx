import { Play, RotateCw } from "lucide-react";
import type { ReactNode } from "react";
import type { Container } from "@/lib/contract/container.ts";
import { describeEnding, isRunning } from "../containers/describe.ts";
import { Button } from "../ui/button.tsx";
import { Prose } from "../ui/prose.tsx";
import { Spinner } from "../ui/spinner.tsx";
import type { TerminalState } from "./terminal-client.ts";

interface Props {
  container: Container;
  state: TerminalState;
  starting: boolean;
  onStart: () => void;
  onRetry: () => void;
}

/** What is said when typing leads nowhere: why, and what to do. */
export function TerminalNotice({ container, state, starting, onStart, onRetry }: Props) {
  if (container.state === "starting") {
    return <Bar title="Starting" detail="The terminal attaches by itself." busy />;
  }
  if (!isRunning(container)) {
    const start = (
      <Button variant="primary" pending={starting} onClick={onStart}>
        {!starting && <Play />}
        {container.startedAt ? "Start again" : "Start container"}
      </Button>
    );
    const ending = describeEnding(container);
    return ending ? <Bar {...ending}>{start}</Bar> : <EmptyScreen>{start}</EmptyScreen>;
  }
  if (state.kind === "reconnecting") {
    return <Bar title="The connection broke" detail="The session goes on; this page returns to it by itself." busy />;
  }
  if (state.kind === "refused") {
    const { title, detail, remedy } = state.problem;
    return (
      <Bar title={title} detail={[detail, remedy].filter(Boolean).join(" ")}>
        <Button onClick={onRetry}>
          <RotateCw />
          Try again
        </Button>
      </Bar>
    );
  }
  return null;
}

/** Covers a screen on which nothing has ever stood. */
function EmptyScreen({ children }: { children: ReactNode }) {
  return (
    <div
      role="status"
      className="absolute inset-x-0 top-9 bottom-0 z-10 flex flex-col items-center justify-center gap-4 bg-terminal px-6 text-center"
    >
      <p className="font-mono text-faint text-sm" aria-hidden="true">
        ❯ <span className="inline-block h-4 w-2 animate-pulse-soft bg-faint align-text-bottom" />
      </p>
      <p className="text-soft text-sm">Its terminal opens here when it runs.</p>
      {children}
    </div>
  );
}

function Bar({
  title,
  detail,
  busy,
  children,
}: {
  title: string;
  detail: string;
  busy?: boolean;
  children?: ReactNode;
}) {
  return (
    <div
      role="status"
      className="flex animate-rise flex-wrap items-center gap-x-4 gap-y-2 border-t bg-surface px-4 py-3 text-sm"
    >
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-2 font-medium">
          {busy && <Spinner className="size-3.5 text-faint" />}
          {title}
        </p>
        <p className="text-pretty text-soft text-xs">
          <Prose>{detail}</Prose>
        </p>
      </div>
      {children}
    </div>
  );
}
