import type { Terminal } from "@xterm/xterm";

/** Control sequences that a terminal answers: device attributes and status, mode and setting reports (ECMA-48, xterm). */
const queries = [
  { final: "c" },
  { prefix: ">", final: "c" },
  { prefix: "=", final: "c" },
  { final: "n" },
  { prefix: "?", final: "n" },
  { intermediates: "$", final: "p" },
  { prefix: "?", intermediates: "$", final: "p" },
];
const colorQueries = [4, 10, 11, 12];
const quietMs = 120;

/** Decides which queries in the output this page's terminal answers. */
export interface Replies {
  /** What comes next was answered long ago: no query in it gets an answer until `end`, or until it is quiet. */
  replay(): void;
  heard(): void;
  end(): void;
  /** Whether what the terminal sends at this moment is an answer, and not typed. */
  answering(): boolean;
}

/**
 * Keeps the terminal from answering queries in output that is replayed, and those that another page answers
 * (`answers` is false): a second answer would arrive in the shell as if it had been typed.
 */
export function guardReplies(terminal: Terminal, answers: () => boolean): Replies {
  let replaying = false;
  let quiet: ReturnType<typeof setTimeout> | undefined;
  const end = () => {
    clearTimeout(quiet);
    replaying = false;
  };
  const heard = () => {
    if (!replaying) return;
    clearTimeout(quiet);
    quiet = setTimeout(end, quietMs);
  };
  let answering = false;
  const muted = () => {
    if (replaying || !answers()) return true;
    // xterm.js answers before anything else happens.
    answering = true;
    queueMicrotask(() => {
      answering = false;
    });
    return false;
  };
  const { parser } = terminal;
  for (const query of queries) parser.registerCsiHandler(query, muted);
  parser.registerDcsHandler({ intermediates: "$", final: "q" }, muted);
  for (const code of colorQueries) parser.registerOscHandler(code, (data) => data.includes("?") && muted());
  terminal.onKey(end);
  return {
    replay() {
      replaying = true;
      heard();
    },
    heard,
    end,
    answering: () => answering,
  };
}
