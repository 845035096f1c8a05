import { SerializeAddon } from "@xterm/addon-serialize";
import { WebglAddon } from "@xterm/addon-webgl";
import { type ITerminalOptions, Terminal } from "@xterm/xterm";
import { keepFitting } from "./keep-fitting.ts";
import { openLinks } from "./links.ts";
import { onThemeChange, readPalette } from "./palette.ts";
import { guardReplies, type Replies } from "./replies.ts";
import { schemes, toTheme } from "./schemes.ts";
import { createSearch, type Search, type SearchResult } from "./search.ts";
import { cellWidth, fontSizeOf, type Settings } from "./settings.ts";
import type { Size } from "./terminal-client.ts";

export interface ScreenEvents {
  /** Bytes to send: what was typed, or the terminal's answer to a query. */
  onInput?(bytes: Uint8Array): void;
  onResize?(size: Size): void;
  onTitle?(title: string): void;
  onSearch?(result: SearchResult): void;
  onSelection?(text: string): void;
  onLink?(target: string | null): void;
  onBell?(): void;
  /** False keeps a key from the container. */
  onKey?(event: KeyboardEvent): boolean;
  /** Whether queries in the output get this terminal's answer. */
  answers?(): boolean;
}

interface ScreenOptions {
  settings: Settings;
  /** Shows without taking input. */
  readOnly?: boolean;
  /** A size that the host does not decide. */
  size?: Size;
}

/** An xterm.js terminal in its host, in the colours that were chosen. */
export interface Screen {
  write(data: string | Uint8Array, parsed?: () => void): void;
  size(): Size;
  resize(size: Size): void;
  replies: Replies;
  search: Search;
  /** Pipes end lines with LF alone; a terminal with CR LF. */
  treatAsPipe(pipe: boolean): void;
  apply(settings: Settings): void;
  modes(): { bracketedPaste: boolean; applicationCursor: boolean };
  selection(): string;
  selectAll(): void;
  clear(): void;
  reset(): void;
  focus(): void;
  /** Content with its colours, as escape sequences. */
  serialize(): string;
  dispose(): void;
}

/** Makes the screen once its font is there, so that cells are measured right. */
export async function createScreen(
  host: HTMLElement,
  events: ScreenEvents,
  { settings, readOnly = false, size }: ScreenOptions,
): Promise<Screen> {
  const { fontFamily } = getComputedStyle(host);
  await document.fonts.load(`13px ${fontFamily}`).catch(() => []);
  let current = settings;
  const terminal = new Terminal({
    ...optionsOf(settings, host),
    ...size,
    fontFamily,
    lineHeight: 1.2,
    cursorInactiveStyle: "outline",
    disableStdin: readOnly,
    macOptionIsMeta: true,
    minimumContrastRatio: 3,
    // Marks of matches are decorations, which xterm.js still calls proposed.
    allowProposedApi: true,
  });
  const serializer = new SerializeAddon();
  terminal.loadAddon(serializer);
  openLinks(terminal, (target) => events.onLink?.(target));
  terminal.open(host);
  drawWithWebgl(terminal);
  const fitting = size ? null : keepFitting(host, terminal);
  const replies = guardReplies(terminal, () => !readOnly && (events.answers?.() ?? true));
  const search = createSearch(terminal, (result) => events.onSearch?.(result));
  const encoder = new TextEncoder();
  terminal.onData((text) => events.onInput?.(encoder.encode(text)));
  terminal.onBinary((text) => events.onInput?.(Uint8Array.from(text, (char) => char.charCodeAt(0))));
  terminal.onTitleChange((title) => events.onTitle?.(title));
  // The event carries more than a size.
  terminal.onResize(({ cols, rows }) => events.onResize?.({ cols, rows }));
  terminal.onSelectionChange(() => events.onSelection?.(terminal.getSelection()));
  terminal.onBell(() => events.onBell?.());
  terminal.attachCustomKeyEventHandler((event) => events.onKey?.(event) ?? true);
  const stopTheme = onThemeChange(() => {
    terminal.options.theme = themeOf(current, host);
  });

  return {
    write(data, parsed) {
      replies.heard();
      terminal.write(data, parsed);
    },
    size: () => ({ cols: terminal.cols, rows: terminal.rows }),
    resize: ({ cols, rows }) => terminal.resize(cols, rows),
    replies,
    search,
    treatAsPipe(pipe) {
      terminal.options.convertEol = pipe;
    },
    apply(next) {
      current = next;
      Object.assign(terminal.options, optionsOf(next, host));
      fitting?.fit();
    },
    modes: () => ({
      bracketedPaste: terminal.modes.bracketedPasteMode,
      applicationCursor: terminal.modes.applicationCursorKeysMode,
    }),
    selection: () => terminal.getSelection(),
    selectAll: () => terminal.selectAll(),
    clear: () => terminal.clear(),
    reset: () => terminal.reset(),
    focus: () => terminal.focus(),
    serialize: () => serializer.serialize(),
    dispose() {
      stopTheme();
      fitting?.end();
      replies.end();
      terminal.dispose();
    },
  };
}

function optionsOf(settings: Settings, host: HTMLElement): ITerminalOptions {
  const { scrollback, cursorStyle, cursorBlink } = settings;
  return {
    fontSize: fontSizeOf(cellWidth(settings)),
    scrollback,
    cursorStyle,
    cursorBlink: cursorBlink && !matchMedia("(prefers-reduced-motion: reduce)").matches,
    theme: themeOf(settings, host),
  };
}

function themeOf({ scheme }: Settings, host: HTMLElement) {
  return scheme === "page" ? readPalette(host) : toTheme(schemes[scheme]);
}

/** Draws on the graphics card where there is one; xterm's DOM renderer takes over when it is lost or missing. */
function drawWithWebgl(terminal: Terminal): void {
  try {
    const webgl = new WebglAddon();
    webgl.onContextLoss(() => webgl.dispose());
    terminal.loadAddon(webgl);
  } catch {
    // No WebGL 2: the DOM renderer is in place already.
  }
}
