"use client";

import "@xterm/xterm/css/xterm.css";
import { Play, Square } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { LabRun } from "@/lib/contract/lab.ts";
import { api } from "../api.ts";
import { useRefusal } from "../shell/role.tsx";
import { RoleButton } from "../shell/role-button.tsx";
import { codeMissing, retryWith } from "../terminal/code-missing.ts";
import { HeldInput, noInput } from "../terminal/held-input.tsx";
import type { InputState } from "../terminal/input-queue.ts";
import type { Pane } from "../terminal/pane.ts";
import { PasteBar, tellTooLarge } from "../terminal/paste-bar.tsx";
import type { TerminalState } from "../terminal/terminal-client.ts";
import { Bar, StreamNotice } from "../terminal/terminal-notice.tsx";
import { Button } from "../ui/button.tsx";
import type { LabRunView } from "./use-lab-run.ts";

interface Props {
  lab: string;
  view: LabRunView;
  /** Tells what puts text into the terminal; null while there is none. */
  onPane: (pane: Pane | null) => void;
}

/** Where a lab runs: its output and its shell; before that, what starts it. */
export function LabTerminal({ lab, view, onPane }: Props) {
  const { run, pending, end } = view;
  const startedHere = useRef(false);
  const start = () => {
    startedHere.current = true;
    return view.start();
  };
  const isRunning = run?.state === "running";
  return (
    <section
      aria-label="Run"
      className="flex h-104 min-w-0 flex-col lg:h-full lg:min-h-104 overflow-hidden rounded-xl border shadow-card"
    >
      <header className="flex h-11 shrink-0 items-center gap-3 border-b bg-surface px-4">
        <h2 className="font-mono text-sm">{lab}</h2>
        <span className="text-faint text-xs">{isRunning ? "running" : run ? "ended" : ""}</span>
        <span className="ml-auto flex gap-2">
          {run && (
            <Button size="sm" variant="ghost" pending={pending === "end"} onClick={() => void end()}>
              {pending !== "end" && <Square />}
              End
            </Button>
          )}
        </span>
      </header>
      {run ? (
        <Screen
          key={run.id}
          {...{ lab, run, onPane }}
          focused={startedHere.current}
          pending={pending === "start"}
          onAgain={start}
        />
      ) : (
        <NotRunning pending={pending === "start"} onStart={start} />
      )}
    </section>
  );
}

function NotRunning({ pending, onStart }: { pending: boolean; onStart: () => Promise<void> }) {
  const refusal = useRefusal("operator");
  return (
    <div className="relative isolate flex flex-1 flex-col items-center justify-center gap-4 bg-terminal px-6 text-center">
      <div className="-z-10 absolute inset-0 bg-grid" aria-hidden="true" />
      <p className="max-w-md text-pretty text-soft text-sm">
        It runs in a container of its own, as root of a user namespace, with nothing of this host in it but the program.
        Nothing is left when it ends. {refusal}
      </p>
      <RoleButton variant="primary" size="lg" pending={pending} onClick={() => void onStart()}>
        {!pending && <Play />}
        {pending ? "Starting" : "Run"}
      </RoleButton>
    </div>
  );
}

interface ScreenProps {
  lab: string;
  run: LabRun;
  pending: boolean;
  /** Whoever has started it here wants to type. */
  focused: boolean;
  onPane: (pane: Pane | null) => void;
  onAgain: () => Promise<void>;
}

function Screen({ lab, run, pending, focused, onPane, onAgain }: ScreenProps) {
  const host = useRef<HTMLDivElement>(null);
  const [pane, setPane] = useState<Pane | null>(null);
  const [state, setState] = useState<TerminalState>({ kind: "connecting" });
  const [input, setInput] = useState(noInput);
  const tell = useRef(onPane);
  tell.current = onPane;
  const focus = useRef(focused && typeof window !== "undefined" && window.matchMedia("(pointer: fine)").matches);

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    let made: Pane | null = null;
    let gone = false;
    const show = (next: Pane | null) => {
      setPane(next);
      tell.current(next);
    };
    openPane(element, lab, run.id, { onState: setState, onInput: setInput })
      .then((opened) => {
        if (gone) return opened.dispose();
        made = opened;
        opened.connect(true);
        if (focus.current) opened.screen.focus();
        show(opened);
      })
      .catch((error) => {
        console.error(error);
        if (!gone) setState(codeMissing);
      });
    return () => {
      gone = true;
      made?.dispose();
      show(null);
    };
  }, [lab, run.id]);

  const isOver = run.state === "ended" || state.kind === "ended";
  return (
    <>
      <div className="relative min-h-0 flex-1 bg-terminal">
        <div ref={host} className="absolute inset-0 m-2 mr-1 overflow-hidden font-mono" data-terminal={state.kind} />
      </div>
      {isOver ? (
        <Bar title="The lab has ended" detail="Its output stays here; nothing else of it is left.">
          <RoleButton variant="primary" pending={pending} onClick={() => void onAgain()}>
            {!pending && <Play />}
            Run again
          </RoleButton>
        </Bar>
      ) : (
        <StreamNotice state={state} onRetry={() => retryWith(pane)} />
      )}
      <HeldInput input={input} live={state.kind === "live"} client={pane?.client ?? null} />
      <PasteBar input={input} onCancel={() => pane?.client.cancelPaste()} />
    </>
  );
}

/** A terminal on this person's run. What a container's terminal offers beyond typing and copying is left out. */
async function openPane(
  element: HTMLElement,
  lab: string,
  id: string,
  tell: { onState: (state: TerminalState) => void; onInput: (input: InputState) => void },
): Promise<Pane> {
  const { createPane } = await import("../terminal/pane.ts");
  const nothing = () => {};
  const pane = await createPane(
    element,
    {
      terminal: id,
      openSession: (body) => api.call("openLabSession", { params: { lab }, body }),
      tty: true,
    },
    {
      ...tell,
      ...{ onModifiers: nothing, onTitle: nothing, onSize: nothing, onSearch: nothing },
      ...{ onLink: nothing, onCommand: nothing, onPasteTooLarge: tellTooLarge },
      confirmLines: async () => true,
    },
  );
  // For tests: what stands on a canvas can't be read otherwise.
  if (window.__minirunTerminal) Object.assign(window.__minirunTerminal, { serialize: pane.screen.serialize });
  return pane;
}
