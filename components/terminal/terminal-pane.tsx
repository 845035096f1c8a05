"use client";

import "@xterm/xterm/css/xterm.css";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import { problemFrom } from "../api.ts";
import { isRunning } from "../containers/describe.ts";
import { cn } from "../ui/class-names.ts";
import { codeMissing } from "./code-missing.ts";
import { HeldInput, noInput } from "./held-input.tsx";
import { ownPane, type Rect } from "./layout.ts";
import type { OpenSession } from "./open-session.ts";
import type { Pane } from "./pane.ts";
import { PasteBar, tellTooLarge } from "./paste-bar.tsx";
import { schemes } from "./schemes.ts";
import type { SearchResult } from "./search.ts";
import { terminalSettings } from "./settings.ts";
import type { Command } from "./shortcuts.ts";
import type { Size, TerminalState } from "./terminal-client.ts";
import { type Modifiers, noModifiers } from "./touch-keys.ts";
import { useSettings } from "./use-settings.ts";

/** What a pane tells whoever shows it. */
export interface PaneView {
  pane: Pane | null;
  state: TerminalState;
  title: string;
  size: Size | null;
  search: SearchResult;
  modifiers: Modifiers;
}

export const emptyPaneView: PaneView = {
  pane: null,
  state: { kind: "connecting" },
  title: "",
  size: null,
  search: { at: 0, count: 0 },
  modifiers: noModifiers,
};

interface Props {
  id: string;
  label: string;
  container: Container;
  openSession: OpenSession;
  /** A start is under way: its terminal is asked for ahead. */
  starting: boolean;
  /** It was made by this page: nobody else has seen its output. */
  fresh: boolean;
  shown: boolean;
  focused: boolean;
  rect: Rect;
  /** Others are beside it: the focused one is marked. */
  divided: boolean;
  onChange: (part: Partial<PaneView>) => void;
  onFocus: () => void;
  onCommand: (command: Command) => void;
  confirmLines: (lines: number) => Promise<boolean>;
  /** What is said below the screen, above what waits to be sent. */
  notice: ReactNode;
}

const percent = (share: number) => `${share * 100}%`;

/** One terminal of a container. It stays as it is while panes around it come and go, and while another tab is shown. */
export function TerminalPane(props: Props) {
  const { id, label, container, shown, focused, rect, divided, notice } = props;
  const host = useRef<HTMLDivElement>(null);
  const [pane, setPane] = useState<Pane | null>(null);
  const [state, setState] = useState<TerminalState>({ kind: "connecting" });
  const [input, setInput] = useState(noInput);
  const [link, setLink] = useState<string | null>(null);
  const { scheme } = useSettings();
  const own = id === ownPane;
  const latest = useRef(props);
  latest.current = props;

  // One screen and one stream for one session; what else changes does not build them anew.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    let made: Pane | null = null;
    let gone = false;
    const change = (part: Partial<PaneView>) => latest.current.onChange(part);
    void (async () => {
      const { createPane } = await import("./pane.ts");
      if (gone) return;
      made = await createPane(
        element,
        { terminal: own ? container.id : id, openSession: props.openSession, tty: own ? container.tty : true },
        {
          onState(next) {
            setState(next);
            change({ state: next });
          },
          onInput: setInput,
          onModifiers: (modifiers) => change({ modifiers }),
          onTitle: (title) => change({ title }),
          onSize: (size) => change({ size }),
          onSearch: (search) => change({ search }),
          onLink: setLink,
          onCommand: (command) => latest.current.onCommand(command),
          confirmLines: (lines) => latest.current.confirmLines(lines),
          onPasteTooLarge: tellTooLarge,
        },
      );
      if (gone) return made.dispose();
      setPane(made);
      change({ pane: made });
    })().catch((error) => {
      if (gone) return;
      console.error(error);
      setState(codeMissing);
      change({ state: codeMissing });
    });
    return () => {
      gone = true;
      made?.dispose();
      setPane(null);
      change({ pane: null });
    };
  }, [id, container.id]);

  useAttachment(pane, state, props);

  useEffect(() => {
    if (pane && focused && shown) pane.screen.focus();
  }, [pane, focused, shown]);

  const background = scheme === "page" ? undefined : schemes[scheme].base[0];
  return (
    // biome-ignore lint/a11y/useSemanticElements: a terminal is no form
    <div
      role="group"
      aria-label={label}
      className={cn("absolute flex flex-col overflow-hidden bg-terminal", !shown && "hidden")}
      style={{
        left: percent(rect.left),
        top: percent(rect.top),
        width: percent(rect.width),
        height: percent(rect.height),
        ...(background && { background }),
      }}
      onFocusCapture={props.onFocus}
    >
      <div className="relative min-h-0 flex-1">
        <div ref={host} className="absolute inset-0 m-2 mr-1 overflow-hidden font-mono" data-terminal={state.kind} />
        {link && (
          <p className="pointer-events-none absolute bottom-1.5 left-1.5 z-20 max-w-[80%] truncate rounded-md border bg-raised px-2 py-0.5 font-mono text-2xs text-soft shadow-card">
            {link} <span className="font-sans text-faint">Ctrl-click opens it</span>
          </p>
        )}
        {divided && focused && (
          <div className="pointer-events-none absolute inset-x-0 top-0 z-10 h-0.5 bg-accent" aria-hidden="true" />
        )}
      </div>
      {notice}
      <HeldInput input={input} live={state.kind === "live"} client={pane?.client ?? null} />
      <PasteBar input={input} onCancel={() => pane?.client.cancelPaste()} />
    </div>
  );
}

/**
 * Keeps a pane connected with what it shows: a command's session from the first moment; the container's own whenever
 * it runs or begins to, once for each run. What has ended stays as the stream left it.
 */
function useAttachment(pane: Pane | null, state: TerminalState, { id, container, starting, fresh }: Props) {
  const own = id === ownPane;
  const begins = container.state === "starting";
  const there = !own || begins || isRunning(container);
  const run = own ? `${container.startedAt}${begins ? " and on" : ""}` : id;
  const attachedTo = useRef<string | null>(null);
  const over = state.kind === "ended" || state.kind === "refused";

  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed container is no reason to attach anew
  useEffect(() => {
    if (!pane) {
      attachedTo.current = null;
      return;
    }
    if (there) {
      const before = attachedTo.current;
      attachedTo.current = run;
      if (before === null || (over && before !== run)) pane.connect(own ? begins || startedJustNow(container) : fresh);
    } else if (attachedTo.current === null && container.startedAt) {
      const { screen } = pane;
      import("./pane.ts")
        .then(({ showLog }) => showLog(container, screen))
        .catch((error) => screen.write(`\x1b[2m${problemFrom(error).title}: its output is under Logs.\x1b[22m\r\n`));
    }
  }, [pane, there, run, over]);

  const ahead = own && starting && !there;
  useEffect(() => {
    if (pane && ahead) pane.client.prepare();
  }, [pane, ahead]);
}

/** Its whole output is still to come: nobody else has answered what it asks. */
function startedJustNow({ startedAt }: Container): boolean {
  return startedAt !== null && Date.now() - Date.parse(startedAt) < 3_000;
}

/** For tests alone: a test that sets window.__minirunTerminal to an object finds there what the focused pane shows. */
export function exposeToTests({ pane, state }: PaneView): void {
  if (!pane || typeof window === "undefined" || !window.__minirunTerminal) return;
  const { serialize, size } = pane.screen;
  Object.assign(window.__minirunTerminal, { serialize, size, state, settings: terminalSettings.get() });
}

declare global {
  interface Window {
    /** WebGL draws on a canvas, where nothing can be read. */
    __minirunTerminal?: { serialize?: () => string; size?: () => Size; state?: TerminalState };
  }
}
