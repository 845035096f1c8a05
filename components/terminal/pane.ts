import type { Container } from "@/lib/contract/container.ts";
import { copyText } from "../ui/copy-button.tsx";
import { openBrowserSocket } from "./browser-socket.ts";
import type { InputState } from "./input-queue.ts";
import { createLineInput } from "./line-input.ts";
import { endNotice, gapNotice } from "./notices.ts";
import type { OpenSession } from "./open-session.ts";
import { maxPasteBytes, preparePaste } from "./prepare-paste.ts";
import { createScreen, type Screen } from "./screen.ts";
import type { SearchResult } from "./search.ts";
import { terminalSettings } from "./settings.ts";
import { type Command, commandOf } from "./shortcuts.ts";
import { createTerminalClient, type Size, type TerminalClient, type TerminalState } from "./terminal-client.ts";
import { afterKey, type Modifiers, modify, noModifiers, sequenceOf, type TouchKey } from "./touch-keys.ts";
import { joinTypists } from "./typist.ts";
import { onWake } from "./wake.ts";

export interface PaneEvents {
  onState(state: TerminalState): void;
  onInput(state: InputState): void;
  onModifiers(modifiers: Modifiers): void;
  onTitle(title: string): void;
  onSize(size: Size): void;
  onSearch(result: SearchResult): void;
  onLink(target: string | null): void;
  onCommand(command: Command): void;
  /** Whether a text of several lines may go to a program that takes each as a command. */
  confirmLines(lines: number): Promise<boolean>;
  onPasteTooLarge(bytes: number): void;
}

interface PaneOptions {
  /** Names the terminal for all pages that show it. */
  terminal: string;
  openSession: OpenSession;
  tty: boolean;
}

/** One terminal on the page: its screen, its stream, and what a person does with both. */
export interface Pane {
  screen: Screen;
  client: TerminalClient;
  /** Connects. `fresh`: nobody has seen its output yet, so queries in it get their answers. */
  connect(fresh: boolean): void;
  copy(): Promise<boolean>;
  paste(text: string): Promise<void>;
  press(key: TouchKey): void;
  setModifiers(modifiers: Modifiers): void;
  dispose(): void;
}

/** Reports that a terminal makes by itself; into a broken stream nobody has typed them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const selfMade = /^\x1b\[(?:[IO]$|[<M])/;

/** Builds a pane in its host element. */
export async function createPane(host: HTMLElement, options: PaneOptions, events: PaneEvents): Promise<Pane> {
  const { terminal, openSession, tty } = options;
  const typist = joinTypists(terminal);
  const encoder = new TextEncoder();
  let modifiers = noModifiers;
  let replayUntil: number | null = null;
  let fresh = false;
  let broken = false;
  let shownTo = 0;
  let toldEndAt = -1;

  const setModifiers = (next: Modifiers) => {
    modifiers = next;
    events.onModifiers(next);
  };
  const type = (text: string) => {
    typist.typed();
    input(encoder.encode(text));
    if (modifiers !== noModifiers) setModifiers(afterKey(modifiers));
  };
  const typed = (bytes: Uint8Array) => {
    if (screen.replies.answering()) return broken ? undefined : client.send(bytes);
    const text = new TextDecoder().decode(bytes);
    if (broken && selfMade.test(text)) return;
    if (modifiers.ctrl !== "off" || modifiers.alt !== "off") return type(modify(text, modifiers));
    typist.typed();
    input(bytes);
  };

  const screen = await createScreen(
    host,
    {
      onInput: typed,
      onResize(size) {
        events.onSize(size);
        client.resize(size);
      },
      onTitle: events.onTitle,
      onSearch: events.onSearch,
      onLink: events.onLink,
      answers: typist.isHere,
      onKey(event) {
        const command = event.type === "keydown" ? commandOf(event) : null;
        if (!command) return true;
        event.preventDefault();
        event.stopPropagation();
        if (command === "copy") void copy();
        else events.onCommand(command);
        return false;
      },
    },
    { settings: terminalSettings.get() },
  );

  const client: TerminalClient = createTerminalClient({
    openSession,
    openSocket: openBrowserSocket,
    size: screen.size,
    asleep: () => document.visibilityState === "hidden",
    onInput: events.onInput,
    onOutput(bytes, end, consumed) {
      shownTo = end;
      screen.write(bytes, () => {
        if (replayUntil !== null && end >= replayUntil) {
          replayUntil = null;
          screen.replies.end();
        }
        consumed();
      });
    },
    onGap: ({ from, to }) => screen.write(gapNotice(to - from)),
    onState(state) {
      broken = state.kind === "reconnecting";
      if (state.kind === "live") {
        screen.treatAsPipe(!state.ready.tty);
        if (!fresh) {
          replayUntil = state.ready.end ?? null;
          screen.replies.replay();
        }
        fresh = false;
      }
      // Whoever comes back to a run that has ended is told its end again.
      if (state.kind === "ended" && toldEndAt !== shownTo) {
        toldEndAt = shownTo;
        screen.write(endNotice(state.exit));
      }
      events.onState(state);
    },
  });
  const input = tty
    ? client.send
    : createLineInput({ send: client.send, end: client.endOfInput, echo: (text) => screen.write(text) });

  const copy = async () => {
    const text = screen.selection();
    if (text === "") return false;
    await copyText(text);
    return true;
  };
  const paste = async (text: string) => {
    const bracketed = tty && screen.modes().bracketedPaste;
    const lines = text.trimEnd().split("\n").length;
    if (terminalSettings.get().askBeforeLines && lines > 1 && !bracketed && !(await events.confirmLines(lines))) return;
    const { bytes, closing } = preparePaste(text, bracketed);
    if (bytes.length > maxPasteBytes) return events.onPasteTooLarge(bytes.length);
    typist.typed();
    if (!tty) input(bytes);
    else client.paste(bytes, closing);
  };

  const pasted = (event: ClipboardEvent) => {
    event.preventDefault();
    event.stopPropagation();
    void paste(event.clipboardData?.getData("text/plain") ?? "");
  };
  const released = () => {
    if (terminalSettings.get().copyOnSelect) void copy();
  };
  host.addEventListener("paste", pasted, { capture: true });
  host.addEventListener("mouseup", released);
  const stopSettings = terminalSettings.subscribe(() => screen.apply(terminalSettings.get()));
  const stopWaking = onWake(client.wake);
  events.onSize(screen.size());

  return {
    screen,
    client,
    connect(isFresh) {
      fresh = isFresh;
      client.start();
    },
    copy,
    paste,
    press: (key) => type(sequenceOf(key, modifiers, screen.modes().applicationCursor)),
    setModifiers,
    dispose() {
      stopWaking();
      stopSettings();
      typist.leave();
      host.removeEventListener("paste", pasted, { capture: true });
      host.removeEventListener("mouseup", released);
      client.stop();
      screen.dispose();
    },
  };
}

/** Shows the end of the log on the screen: what a container that does not run has printed last. */
export async function showLog({ id, tty }: Container, screen: Screen): Promise<void> {
  const { api } = await import("../api.ts");
  const response = await api.open("readLogs", { params: { name: id }, query: { tail: 500 } });
  const bytes = new Uint8Array(await response.arrayBuffer());
  screen.treatAsPipe(!tty);
  screen.replies.replay();
  screen.write(bytes);
}
