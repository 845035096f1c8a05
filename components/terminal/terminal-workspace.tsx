"use client";

import { useEffect, useId, useRef, useState } from "react";
import { isRunning } from "../containers/describe.ts";
import { cn } from "../ui/class-names.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { toastProblem } from "../ui/toaster.tsx";
import { retryWith } from "./code-missing.ts";
import { CommandDialog } from "./command-dialog.tsx";
import { ConnectionMark } from "./connection-mark.tsx";
import { EndDialog } from "./end-dialog.tsx";
import { KeyRow } from "./key-row.tsx";
import { activate, allPanes, type Direction, ownPane, panesOf, place, setRatio } from "./layout.ts";
import { NewShellMenu, type Place } from "./new-shell-menu.tsx";
import { PaneDivider } from "./pane-divider.tsx";
import { SearchBar } from "./search-bar.tsx";
import { changeSize } from "./settings.ts";
import { ShareDialog } from "./share-dialog.tsx";
import type { Command } from "./shortcuts.ts";
import { TabStrip } from "./tab-strip.tsx";
import { terminalHeight } from "./terminal-height.ts";
import { OwnNotice, ShellNotice } from "./terminal-notice.tsx";
import { exposeToTests, TerminalPane } from "./terminal-pane.tsx";
import { TerminalToolbar } from "./terminal-toolbar.tsx";
import type { TerminalViewProps } from "./terminal-view.tsx";
import { useAboveKeyboard } from "./use-above-keyboard.ts";
import { useWorkspace } from "./use-workspace.ts";

/**
 * A container's terminals: its own stdio and any number of commands in it, in tabs and splits. They survive reloads:
 * sessions live on the server, their arrangement in this browser.
 */
export function TerminalWorkspace({ container, starting, onStart, onShow }: TerminalViewProps) {
  const workspace = useWorkspace(container, toastProblem);
  const { layout, setLayout, tab, focused, view } = workspace;
  const [maximized, setMaximized] = useState(false);
  const [searching, setSearching] = useState(false);
  const [sharing, setSharing] = useState(false);
  const [asking, setAsking] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [ending, setEnding] = useState<readonly string[] | null>(null);
  const [touched, setTouched] = useState(false);
  const lines = useLines();
  const section = useRef<HTMLElement>(null);
  const panelId = useId();
  const above = useAboveKeyboard(touched);
  const running = isRunning(container);
  const current = view(focused);
  const { panes, dividers } = place(tab.root);
  const sessionId = current.state.kind === "live" ? current.state.ready.sessionId : null;

  useEffect(() => exposeToTests(current), [current]);

  const open = async (where: Place, program?: string[]) => {
    const problem = await workspace.open(where, program && { command: program });
    if (!problem) return;
    toastProblem(problem);
    current.pane?.screen.focus();
  };
  // A pane that is still to come takes the focus by itself; until then nothing is typed at another one.
  const focusPane = () => {
    if (!workspace.opening && !asking) current.pane?.screen.focus();
    return false;
  };
  const closePanes = (ids: readonly string[]) => {
    const closable = ids.filter((id) => id !== ownPane);
    const alive = closable.filter((id) => view(id).state.kind !== "ended" && view(id).state.kind !== "refused");
    if (alive.length > 0 && running) setEnding(closable);
    else workspace.close(closable);
  };
  const command = (asked: Command) => {
    if (asked === "find") setSearching(true);
    else if (asked === "new-shell") void open("tab");
    else if (asked === "split-right") void open("row");
    else if (asked === "split-down") void open("column");
    else if (asked === "close") closePanes([focused]);
    else if (asked === "bigger") changeSize(1);
    else if (asked === "smaller") changeSize(-1);
    else if (asked === "normal-size") changeSize(0);
    else if (asked === "maximize") setMaximized(!maximized);
    else if (asked === "leave")
      section.current?.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]')?.focus();
    else if (asked.startsWith("focus-")) workspace.goTo(asked.slice(6) as Direction);
    else if (asked.startsWith("tab-")) {
      const id = layout.tabs[Number(asked.slice(4)) - 1]?.id;
      if (id) setLayout((before) => activate(before, id));
    }
  };
  const notice = (pane: string) => {
    const { state, pane: made } = view(pane);
    const retry = () => (state.kind === "reconnecting" ? made?.client.wake(false) : retryWith(made));
    if (pane === ownPane) return <OwnNotice {...{ container, state, starting, onStart, onShow }} onRetry={retry} />;
    return (
      <ShellNotice
        state={state}
        name={workspace.name(pane)}
        running={running}
        onRetry={retry}
        onAgain={() => void open("tab")}
        onClose={() => workspace.close([pane])}
      />
    );
  };

  return (
    <section
      ref={section}
      aria-label="Terminal"
      className={cn(
        "relative flex flex-col overflow-hidden border bg-terminal shadow-card",
        maximized || above ? "fixed inset-0 z-30" : `${terminalHeight} rounded-xl`,
      )}
      style={above ? { top: above.top, height: above.height, bottom: "auto" } : undefined}
    >
      <header className="flex h-9 shrink-0 items-center border-b bg-sunken/60 pr-1 any-pointer-coarse:h-11">
        <TabStrip
          layout={layout}
          name={workspace.name}
          state={(pane) => (pane === ownPane && !running ? { kind: "stopped" } : view(pane).state)}
          onActivate={(id) => {
            setLayout((before) => activate(before, id));
            // A tab that is shown already changes nothing that would give its terminal the focus.
            if (id === layout.active) current.pane?.screen.focus();
          }}
          onClose={({ root }) => closePanes(panesOf(root))}
          panelId={panelId}
        />
        {running && (
          <NewShellMenu
            containerId={container.id}
            running={workspace.unseen}
            pending={workspace.opening}
            onOpen={(where, program) => void open(where, program)}
            onAsk={() => {
              setRefusal(null);
              setAsking(true);
            }}
            onReturn={workspace.returnTo}
            finalFocus={focusPane}
          />
        )}
        <span className="min-w-2 flex-1 truncate px-3 text-center font-mono text-2xs text-faint max-sm:invisible">
          {current.title}
        </span>
        <ConnectionMark state={current.state} idle={focused === ownPane && !running} />
        {current.size && (
          <span className="px-2.5 text-faint text-xs tabular-nums max-sm:hidden" title="Columns × rows">
            {current.size.cols}×{current.size.rows}
          </span>
        )}
        <TerminalToolbar
          containerName={container.name}
          maximized={maximized}
          shared={sessionId !== null && workspace.shared(sessionId)}
          onShare={sessionId === null ? null : () => setSharing(true)}
          onFind={() => setSearching(true)}
          onMaximize={() => setMaximized(!maximized)}
        />
      </header>
      <div
        id={panelId}
        role="tabpanel"
        aria-label={workspace.name(focused)}
        className="relative min-h-0 flex-1"
        onFocus={() => setTouched(true)}
        onBlur={() => setTouched(false)}
      >
        {allPanes(layout).map((id) => {
          const placed = panes.find(({ pane }) => pane === id);
          return (
            <TerminalPane
              key={id}
              id={id}
              label={id === ownPane ? "The container's own terminal" : workspace.name(id)}
              container={container}
              openSession={workspace.openSession(id)}
              starting={starting}
              fresh={workspace.isMade(id)}
              shown={placed !== undefined}
              focused={id === focused}
              divided={panes.length > 1}
              rect={placed?.rect ?? { left: 0, top: 0, width: 1, height: 1 }}
              onChange={(part) => workspace.change(id, part)}
              onFocus={() => id !== focused && workspace.focus(id)}
              onCommand={command}
              confirmLines={lines.ask}
              notice={notice(id)}
            />
          );
        })}
        {dividers.map((divider) => (
          <PaneDivider
            key={divider.path}
            divider={divider}
            onMove={(ratio) => setLayout((before) => setRatio(before, divider.path, ratio))}
          />
        ))}
        {searching && (
          <SearchBar key={focused} pane={current.pane} result={current.search} onClose={() => setSearching(false)} />
        )}
      </div>
      {current.pane && current.state.kind === "live" && <KeyRow pane={current.pane} modifiers={current.modifiers} />}
      <CommandDialog
        open={asking}
        onOpenChange={setAsking}
        finalFocus={focusPane}
        pending={workspace.opening}
        refusal={refusal}
        onRun={(request) =>
          void workspace.open("tab", request).then((problem) => {
            setRefusal(problem && [problem.title, problem.detail].join(": "));
            if (!problem) setAsking(false);
          })
        }
      />
      <EndDialog
        finalFocus={focusPane}
        names={ending?.map(workspace.name) ?? null}
        onCancel={() => setEnding(null)}
        onKeep={() => {
          workspace.close(ending ?? []);
          setEnding(null);
        }}
        onEnd={() => {
          void workspace.end(ending ?? []);
          setEnding(null);
        }}
      />
      {sessionId !== null && (
        <ShareDialog
          key={sessionId}
          open={sharing}
          onOpenChange={setSharing}
          sessionId={sessionId}
          name={workspace.name(focused)}
          shared={workspace.shared(sessionId)}
          onChanged={() => void workspace.reload().catch(() => {})}
        />
      )}
      {lines.dialog}
    </section>
  );
}

/** Asks before several lines are pasted where each would be run. */
function useLines() {
  const [question, setQuestion] = useState<{ count: number; answer: (yes: boolean) => void } | null>(null);
  const answer = (yes: boolean) => {
    question?.answer(yes);
    setQuestion(null);
  };
  return {
    ask: (count: number) => new Promise<boolean>((resolve) => setQuestion({ count, answer: resolve })),
    dialog: (
      <ConfirmDialog
        open={question !== null}
        onOpenChange={(open) => !open && answer(false)}
        title={`Paste ${question?.count ?? 0} lines?`}
        action="Paste"
        pending={false}
        onConfirm={() => answer(true)}
      >
        The program here takes each line as it comes, as if it had been typed: a shell runs them one by one.
      </ConfirmDialog>
    ),
  };
}
