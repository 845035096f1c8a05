"use client";

import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Container } from "@/lib/contract/container.ts";
import type { Problem } from "@/lib/contract/problem.ts";
import type { Session } from "@/lib/contract/session.ts";
import { api, problemFrom } from "../api.ts";
import { isRunning } from "../containers/describe.ts";
import type { ExecRequest } from "./command-dialog.tsx";
import {
  activeTab,
  addTab,
  allPanes,
  closePane,
  focusPane,
  keepPanes,
  maxPanes,
  neighbour,
  ownPane,
  splitPane,
} from "./layout.ts";
import type { Place } from "./new-shell-menu.tsx";
import { type OpenSession, openExec, openOwn } from "./open-session.ts";
import { sessionName } from "./session-name.ts";
import { emptyPaneView, type PaneView } from "./terminal-pane.tsx";
import { useLayout } from "./use-layout.ts";
import { useSessions } from "./use-sessions.ts";

const defaultSize = { cols: 80, rows: 24 };

type Refusal = Pick<Problem, "title" | "detail" | "remedy">;

const noRoom: Refusal = {
  title: "There is no room for another terminal",
  detail: `A page shows at most ${maxPanes} of them.`,
  remedy: "Close one: its command goes on unless you end it.",
};

/** The terminals of a container as the page arranges them, and what a person can do to them. */
export function useWorkspace(container: Container, onProblem: (problem: Refusal) => void) {
  const running = isRunning(container);
  const [layout, setLayout] = useLayout(container.id);
  const { sessions, reload } = useSessions(container.id, running);
  const [views, setViews] = useState<Record<string, PaneView>>({});
  const [opening, setOpening] = useState(false);
  const made = useRef(new Map<string, Session>());
  const openers = useRef(new Map<string, OpenSession>());

  const execs = useMemo(
    () => (sessions ?? []).filter(({ mode, state }) => mode === "exec" && state === "running"),
    [sessions],
  );
  // Panes kept from an earlier visit stay only if their commands still run; those of this visit stay until closed.
  const restored = useRef(false);
  useEffect(() => {
    if (!sessions || restored.current) return;
    restored.current = true;
    const alive = new Set([...execs.map(({ sessionId }) => sessionId), ...made.current.keys()]);
    setLayout((before) => keepPanes(before, alive));
  }, [sessions, execs, setLayout]);

  const view = (pane: string): PaneView => views[pane] ?? emptyPaneView;
  const change = useCallback((pane: string, part: Partial<PaneView>) => {
    setViews((before) => ({ ...before, [pane]: { ...(before[pane] ?? emptyPaneView), ...part } }));
  }, []);
  const openSession = (pane: string): OpenSession => {
    const opener =
      openers.current.get(pane) ?? (pane === ownPane ? openOwn(container.id) : openExec(pane, made.current.get(pane)));
    openers.current.set(pane, opener);
    return opener;
  };

  const put = (pane: string, place: Place) => {
    setLayout((before) =>
      place === "tab" ? addTab(before, pane) : splitPane(before, activeTab(before).focused, place, pane),
    );
  };
  const full = allPanes(layout).length >= maxPanes;
  /** Opens a command in a pane of its own; answers what stands against it. */
  const open = async (place: Place, request: Partial<ExecRequest> = {}): Promise<Refusal | null> => {
    if (opening) return null;
    if (full) return noRoom;
    setOpening(true);
    try {
      const size = view(activeTab(layout).focused).size ?? defaultSize;
      const body = { mode: "exec" as const, ...request, ...size };
      const session = await api.call("createSession", { params: { name: container.id }, body });
      made.current.set(session.sessionId, session);
      put(session.sessionId, place);
      void reload().catch(() => {});
      return null;
    } catch (error) {
      return problemFrom(error);
    } finally {
      setOpening(false);
    }
  };
  const close = (panes: readonly string[]) => setLayout((before) => panes.reduce(closePane, before));
  const end = async (panes: readonly string[]) => {
    close(panes);
    const results = await Promise.allSettled(panes.map((id) => api.call("deleteSession", { params: { id } })));
    for (const result of results) {
      if (result.status === "fulfilled") continue;
      const problem = problemFrom(result.reason);
      if (problem.code !== "session-not-found") onProblem(problem);
    }
    void reload().catch(() => {});
  };

  const tab = activeTab(layout);
  return {
    layout,
    setLayout,
    tab,
    focused: tab.focused,
    view,
    change,
    openSession,
    isMade: (pane: string) => made.current.has(pane),
    opening,
    /** Commands that run without a pane here. */
    unseen: execs.filter(({ sessionId }) => !allPanes(layout).includes(sessionId)),
    shared: (sessionId: string) => sessions?.find((session) => session.sessionId === sessionId)?.shared ?? false,
    reload,
    name(pane: string): string {
      if (pane === ownPane) return container.name;
      const session = sessions?.find(({ sessionId }) => sessionId === pane);
      return session ? sessionName(session) : "shell";
    },
    open,
    close,
    end,
    returnTo: (sessionId: string) => (full ? onProblem(noRoom) : put(sessionId, "tab")),
    focus: (pane: string) => setLayout((before) => focusPane(before, pane)),
    goTo(direction: Parameters<typeof neighbour>[1]) {
      const next = neighbour(tab, direction);
      if (next) setLayout((before) => focusPane(before, next));
    },
  };
}
