import { cn } from "../ui/class-names.ts";
import type { TerminalState } from "./terminal-client.ts";

/** Whether what is typed arrives, in a word and a dot. */
export function ConnectionMark({ state, running }: { state: TerminalState; running: boolean }) {
  const { label, dot } = running ? look(state) : { label: "Not running", dot: "bg-faint/60" };
  return (
    <span role="status" aria-label={`Terminal: ${label}`} className="flex items-center gap-1.5 font-medium text-soft">
      <span className={cn("size-1.5 rounded-full", dot)} aria-hidden="true" />
      {label}
    </span>
  );
}

function look(state: TerminalState): { label: string; dot: string } {
  switch (state.kind) {
    case "live":
      return { label: "Attached", dot: "bg-ok" };
    case "connecting":
      return { label: "Connecting", dot: "animate-pulse-soft bg-accent" };
    case "reconnecting":
      return { label: "Reconnecting", dot: "animate-pulse-soft bg-warn" };
    case "refused":
      return { label: "Refused", dot: "bg-bad" };
    case "ended":
    case "stopped":
      return { label: "Ended", dot: "bg-faint/60" };
  }
}
