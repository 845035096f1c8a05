import { cn } from "../ui/class-names.ts";
import type { TerminalState } from "./terminal-client.ts";

/** Whether what is typed arrives, in a word; the tab has the dot. */
export function ConnectionMark({ state, idle }: { state: TerminalState; idle: boolean }) {
  const { label, tone } = idle ? { label: "Not running", tone: "text-faint" } : look(state);
  return (
    <span
      role="status"
      aria-label={`Terminal: ${label}`}
      className={cn(
        "shrink-0 text-xs max-sm:size-1.5 max-sm:overflow-hidden max-sm:rounded-full max-sm:bg-current",
        tone,
      )}
    >
      {label}
    </span>
  );
}

function look(state: TerminalState): { label: string; tone: string } {
  switch (state.kind) {
    case "live":
      return state.ready.writable
        ? { label: "Attached", tone: "text-faint" }
        : { label: "Watching", tone: "text-faint" };
    case "connecting":
      return { label: "Connecting", tone: "text-faint" };
    case "reconnecting":
      return { label: "Reconnecting", tone: "text-warn" };
    case "refused":
      return { label: "Refused", tone: "text-bad" };
    case "ended":
    case "stopped":
      return { label: "Ended", tone: "text-faint" };
  }
}
