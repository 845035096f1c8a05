/** DEC private modes (xterm's control sequences, "DECSET") that a program may leave on, and what a terminal has else. */
const resets: Record<number, string> = {
  1: "\u001b[?1l", // application cursor keys
  9: "\u001b[?9l", // mouse, X10
  25: "\u001b[?25h", // the cursor is shown
  47: "\u001b[?47l", // alternate screen, three forms
  1047: "\u001b[?1047l",
  1049: "\u001b[?1049l",
  1000: "\u001b[?1000l", // mouse: buttons, drags, all moves
  1002: "\u001b[?1002l",
  1003: "\u001b[?1003l",
  1004: "\u001b[?1004l", // focus
  1005: "\u001b[?1005l", // mouse encodings
  1006: "\u001b[?1006l",
  1015: "\u001b[?1015l",
  2004: "\u001b[?2004l", // bracketed paste
};

/** Longest sequence that is kept over the end of a piece of output. */
const tailBytes = 64;

/**
 * Follows which modes a program in a container has switched on in this terminal. `reset` returns what switches off
 * those that are still on: someone who detaches from an editor wants their own screen, mouse and paste back.
 */
export function createModeTracker(): { push(bytes: Uint8Array): void; reset(): string } {
  const changed = new Set<number>();
  let tail = "";
  return {
    push(bytes) {
      const text = tail + Buffer.from(bytes).toString("latin1");
      // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with a control character
      for (const [, numbers = "", final] of text.matchAll(/\u001b\[\?([\d;]+)([hl])/g)) {
        for (const mode of numbers.split(";").map(Number)) {
          const normal = resets[mode]?.endsWith(final ?? "");
          if (normal === true) changed.delete(mode);
          else if (normal === false) changed.add(mode);
        }
      }
      const start = text.lastIndexOf("\u001b");
      tail = start >= 0 && text.length - start < tailBytes && !/[hl]/.test(text.slice(start)) ? text.slice(start) : "";
    },
    reset() {
      return [...changed].map((mode) => resets[mode]).join("") + (changed.size > 0 ? "\u001b[0m" : "");
    },
  };
}
