"use client";

import "@xterm/xterm/css/xterm.css";
import { Eye } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Logo } from "../brand/logo.tsx";
import { Message } from "../ui/message.tsx";
import { codeMissing, retryWith } from "./code-missing.ts";
import type { TerminalState } from "./terminal-client.ts";
import { Bar, StreamNotice } from "./terminal-notice.tsx";

/** A terminal that somebody has shared, as it goes on. Nothing can be typed. */
export function WatchView() {
  const frame = useRef<HTMLDivElement>(null);
  const host = useRef<HTMLDivElement>(null);
  const [code, setCode] = useState<string | null>(null);
  const [name, setName] = useState("");
  const [state, setState] = useState<TerminalState>({ kind: "connecting" });
  const retry = useRef(() => {});

  useEffect(() => {
    const read = () => setCode(decodeURIComponent(window.location.hash.slice(1)));
    read();
    window.addEventListener("hashchange", read);
    return () => window.removeEventListener("hashchange", read);
  }, []);

  useEffect(() => {
    const element = host.current;
    const area = frame.current;
    if (!code || !element || !area) return;
    let gone = false;
    let end = () => {};
    void (async () => {
      const { watch } = await import("./watch.ts");
      const watching = await watch(code, element, area, { onName: setName, onState: setState });
      if (gone) return watching.end();
      ({ end } = watching);
      retry.current = watching.retry;
    })().catch((error) => {
      if (gone) return;
      console.error(error);
      retry.current = () => retryWith(null);
      setState(codeMissing);
    });
    return () => {
      gone = true;
      end();
    };
  }, [code]);

  if (code === "") {
    return (
      <Message
        title="Nothing to watch"
        detail="The link has no code in it. Ask whoever shared it for the whole link."
      />
    );
  }
  const over = state.kind === "refused" && state.problem.code === "share-not-found";
  if (over && !name) {
    return (
      <Message title="This link does not work" detail="It has run out, or sharing was ended. Ask for a new one." />
    );
  }
  return (
    <main className="flex h-dvh flex-col">
      <header className="flex h-12 shrink-0 items-center gap-3 border-b bg-surface px-4">
        <Logo className="size-5" />
        <h1 className="min-w-0 truncate font-semibold text-sm tracking-tight">{name || "Shared terminal"}</h1>
        <span
          role="status"
          className="ml-auto flex shrink-0 items-center gap-1.5 rounded-full border px-2.5 py-0.5 text-soft text-xs"
        >
          <Eye className="size-3.5" aria-hidden="true" />
          {mark(state)}
        </span>
      </header>
      <section aria-label="Terminal" className="flex min-h-0 flex-1 flex-col bg-terminal">
        <div ref={frame} className="min-h-0 flex-1 overflow-auto p-3">
          <div ref={host} className="w-max font-mono" />
        </div>
        {over ? (
          <Bar title="Sharing has ended" detail="What was shown stays until you close this page." />
        ) : state.kind === "ended" ? (
          <Bar title="The terminal has ended" detail="What it showed stays until you close this page." />
        ) : (
          <StreamNotice state={state} onRetry={() => retry.current()} />
        )}
      </section>
    </main>
  );
}

function mark({ kind }: TerminalState): string {
  switch (kind) {
    case "live":
      return "Watching live";
    case "connecting":
      return "Connecting";
    case "reconnecting":
      return "Reconnecting";
    default:
      return "Ended";
  }
}
