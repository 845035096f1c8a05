"use client";

import "@xterm/xterm/css/xterm.css";
import { Maximize2, Minimize2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import { isRunning } from "../containers/describe.ts";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/class-names.ts";
import { ConnectionMark } from "./connection-mark.tsx";
import type { Screen } from "./screen.ts";
import type { Size, TerminalClient, TerminalState } from "./terminal-client.ts";
import { TerminalNotice } from "./terminal-notice.tsx";

declare global {
  interface Window {
    /**
     * For tests alone: a test that sets this to an object before the page loads finds there what the terminal shows.
     * WebGL draws on a canvas, where nothing can be read.
     */
    __minirunTerminal?: { serialize?: () => string; size?: () => Size; state?: TerminalState };
  }
}

interface Props {
  container: Container;
  starting: boolean;
  onStart: () => void;
}

/** A container's stdio as a terminal. It survives reloads: the session lives on the server, its id in this tab. */
export function TerminalView({ container, starting, onStart }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const parts = useRef<{ screen: Screen; client: TerminalClient } | null>(null);
  const [state, setState] = useState<TerminalState>({ kind: "connecting" });
  const [size, setSize] = useState<Size | null>(null);
  const [title, setTitle] = useState("");
  const [ready, setReady] = useState(false);
  const [maximized, setMaximized] = useState(false);
  const running = isRunning(container);

  // One screen and one client for one container; what else changes of it does not build them anew.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    let gone = false;
    const show = (next: TerminalState) => {
      setState(next);
      if (window.__minirunTerminal) window.__minirunTerminal.state = next;
    };
    void (async () => {
      const [{ createScreen }, { attach, inputFor }] = await Promise.all([
        import("./screen.ts"),
        import("./attach.ts"),
      ]);
      if (gone) return;
      let input = (_bytes: Uint8Array) => {};
      let resize = (_size: Size) => {};
      const screen = await createScreen(element, {
        onInput: (bytes) => input(bytes),
        onResize: (next) => resize(next),
        onTitle: setTitle,
      });
      if (gone) return screen.dispose();
      const client = attach(container, screen, show);
      input = inputFor(container, client, screen);
      resize = (next) => {
        setSize(next);
        client.resize(next);
      };
      setSize(screen.size());
      Object.assign(window.__minirunTerminal ?? {}, { serialize: screen.serialize, size: screen.size });
      parts.current = { screen, client };
      setReady(true);
    })();
    const retry = () => parts.current?.client.retryNow();
    window.addEventListener("online", retry);
    return () => {
      gone = true;
      window.removeEventListener("online", retry);
      parts.current?.client.stop();
      parts.current?.screen.dispose();
      parts.current = null;
      setReady(false);
    };
  }, [container.id]);

  // Attaches whenever the container runs; while it does not, the end of its log stands on the screen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a container that ended is shown as the stream left it
  useEffect(() => {
    if (!ready || !parts.current) return;
    const { screen, client } = parts.current;
    if (running) {
      if (state.kind === "connecting") screen.expectReplay();
      client.start();
      screen.focus();
    } else if (state.kind === "connecting" && container.startedAt) {
      void import("./attach.ts").then(({ showLog }) => showLog(container, screen)).catch(() => {});
    }
  }, [ready, running, container.startedAt]);

  return (
    <section
      aria-label="Terminal"
      className={cn(
        "relative flex flex-col overflow-hidden border bg-terminal shadow-card",
        maximized ? "fixed inset-0 z-40" : "h-[max(24rem,calc(100dvh-16.5rem))] rounded-xl",
      )}
    >
      <header className="flex h-9 shrink-0 items-center gap-3 border-b bg-sunken/60 pr-1 pl-3 text-xs">
        <ConnectionMark state={state} running={running} />
        <span className="min-w-0 flex-1 truncate text-center font-mono text-faint">{title}</span>
        {size && (
          <span className="text-faint tabular-nums" title="Columns × rows">
            {size.cols}×{size.rows}
          </span>
        )}
        <Button
          variant="ghost"
          size="icon"
          aria-label={maximized ? "Restore terminal" : "Maximize terminal"}
          onClick={() => setMaximized(!maximized)}
        >
          {maximized ? <Minimize2 /> : <Maximize2 />}
        </Button>
      </header>
      <div className="relative min-h-0 flex-1">
        <div ref={host} className="absolute inset-0 m-2 mr-1 overflow-hidden font-mono" data-terminal={state.kind} />
      </div>
      <TerminalNotice
        container={container}
        state={state}
        starting={starting}
        onStart={onStart}
        onRetry={() => parts.current?.client.start()}
      />
    </section>
  );
}
