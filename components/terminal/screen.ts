import { FitAddon } from "@xterm/addon-fit";
import { SerializeAddon } from "@xterm/addon-serialize";
import { WebglAddon } from "@xterm/addon-webgl";
import { Terminal } from "@xterm/xterm";
import { muteReplies } from "./mute-replies.ts";
import { onThemeChange, readPalette } from "./palette.ts";
import type { Size } from "./terminal-client.ts";

const replayQuietMs = 120;
const resizeDelayMs = 40;

interface ScreenEvents {
  /** Bytes to send: what was typed or pasted, or the terminal's answer to a query. */
  onInput(bytes: Uint8Array): void;
  onResize(size: Size): void;
  onTitle(title: string): void;
}

/** An xterm.js terminal that fills its host, in the page's colours. */
export interface Screen {
  write(data: string | Uint8Array, parsed?: () => void): void;
  size(): Size;
  /** What comes next was answered by an earlier page already: no query in it gets an answer until it is quiet. */
  expectReplay(): void;
  /** Pipes end lines with LF alone; a terminal with CR LF. */
  treatAsPipe(pipe: boolean): void;
  focus(): void;
  /** Content with its colours, as escape sequences. For tests: see terminal-view.tsx. */
  serialize(): string;
  dispose(): void;
}

/** Makes the screen once its font is there, so that cells are measured right. */
export async function createScreen(host: HTMLElement, events: ScreenEvents): Promise<Screen> {
  const { fontFamily } = getComputedStyle(host);
  await document.fonts.load(`13px ${fontFamily}`).catch(() => []);
  const terminal = new Terminal({
    fontFamily,
    // WebGL rounds a cell's width down to whole pixels: 0.6 em of these are 8 and 7.
    fontSize: window.innerWidth < 640 ? 11.7 : 13.4,
    lineHeight: 1.2,
    cursorBlink: true,
    cursorStyle: "bar",
    cursorInactiveStyle: "outline",
    scrollback: 10_000,
    minimumContrastRatio: 3,
    macOptionIsMeta: true,
    theme: readPalette(host),
  });
  const fit = new FitAddon();
  const serializer = new SerializeAddon();
  terminal.loadAddon(fit);
  terminal.loadAddon(serializer);
  terminal.open(host);
  drawWithWebgl(terminal);
  fit.fit();

  const replay = trackReplay(terminal);
  const encoder = new TextEncoder();
  terminal.onData((text) => events.onInput(encoder.encode(text)));
  terminal.onBinary((text) => events.onInput(Uint8Array.from(text, (char) => char.charCodeAt(0))));
  terminal.onTitleChange(events.onTitle);
  const stopFitting = keepFitting(host, terminal, fit, events.onResize);
  const stopTheme = onThemeChange(() => {
    terminal.options.theme = readPalette(host);
  });

  return {
    write(data, parsed) {
      replay.heard();
      terminal.write(data, parsed);
    },
    size: () => ({ cols: terminal.cols, rows: terminal.rows }),
    expectReplay: replay.expect,
    treatAsPipe(pipe) {
      terminal.options.convertEol = pipe;
    },
    focus: () => terminal.focus(),
    serialize: () => serializer.serialize(),
    dispose() {
      stopTheme();
      stopFitting();
      replay.end();
      terminal.dispose();
    },
  };
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

function trackReplay(terminal: Terminal) {
  let replaying = false;
  let quiet: ReturnType<typeof setTimeout> | undefined;
  const end = () => {
    clearTimeout(quiet);
    replaying = false;
  };
  const heard = () => {
    if (!replaying) return;
    clearTimeout(quiet);
    quiet = setTimeout(end, replayQuietMs);
  };
  muteReplies(terminal.parser, () => replaying);
  terminal.onKey(end);
  const expect = () => {
    replaying = true;
    heard();
  };
  return { expect, heard, end };
}

function keepFitting(host: HTMLElement, terminal: Terminal, fit: FitAddon, onResize: (size: Size) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const observer = new ResizeObserver(() => {
    clearTimeout(timer);
    timer = setTimeout(() => host.offsetParent !== null && fit.fit(), resizeDelayMs);
  });
  observer.observe(host);
  terminal.onResize(onResize);
  return () => {
    clearTimeout(timer);
    observer.disconnect();
  };
}
