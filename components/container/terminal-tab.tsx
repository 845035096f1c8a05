import type { Container } from "@/lib/contract/container.ts";
import { NeedsRole } from "../shell/needs-role.tsx";
import { TerminalView } from "../terminal/terminal-view.tsx";
import { DetailsPanel } from "./details-panel.tsx";
import type { TraceState } from "./use-trace.ts";

interface Props {
  container: Container;
  trace: TraceState;
  starting: boolean;
  onStart: () => void;
  /** Goes to another view of the container. */
  onShow: (view: "trace" | "logs") => void;
}

/** The terminal, and beside it what matters while one works in it. */
export function TerminalTab({ container, trace, starting, onStart, onShow }: Props) {
  return (
    <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_19rem]">
      <NeedsRole needed="operator" title="Terminals are for operators">
        <TerminalView container={container} starting={starting} onStart={onStart} onShow={onShow} />
      </NeedsRole>
      <DetailsPanel container={container} trace={trace} onShowTrace={() => onShow("trace")} />
    </div>
  );
}
