import { once } from "node:events";
import { constants } from "node:os";
import type { Writable } from "node:stream";
import type { Session } from "../../lib/contract/session.ts";
import { type Exit, encodeBytes, encodeEndOfInput, encodeResize, Opcode } from "../../lib/contract/terminal.ts";
import { styleFor } from "../style.ts";
import type { Target } from "../target.ts";
import { createDetachKeys } from "./detach-keys.ts";
import { createModeTracker } from "./modes.ts";
import { makeRaw } from "./raw-mode.ts";
import { terminalSize } from "./terminal-size.ts";
import { openTerminalStream, type TerminalStream } from "./terminal-stream.ts";

/** Largest piece of input that is sent in one message. */
const inputBytes = 32 * 1024;

export type EndingSignal = "SIGINT" | "SIGTERM" | "SIGHUP" | "SIGQUIT";

export interface ConnectOptions {
  /** Pass standard input on; else the other side sees its end at once. */
  input: boolean;
  detachKeys: readonly number[];
  /**
   * What a signal to this process means for what runs there; resolves when it was passed on. In a raw terminal keys are
   * bytes, so that only hang-up and termination from outside come here; this process then ends.
   */
  onSignal(signal: EndingSignal, raw: boolean): Promise<void>;
}

/** How a connection ended: what runs there has (`exit`), the keys to detach were typed, or a signal ended this side. */
export type Ending = { exit: Exit } | { detached: true } | { signal: EndingSignal };

/**
 * Connects this process's terminal, or its pipes, with a session until one of the two ends it. The terminal is as it was
 * afterwards. Throws a ProblemError when the session is refused or lost.
 */
export async function connect(target: Target, session: Session, options: ConnectOptions): Promise<Ending> {
  const modes = createModeTracker();
  const { dim } = styleFor(process.stderr);
  // The terminal may be in raw mode, where a line's end alone does not go back to its start.
  const notice = (text: string) => void process.stderr.write(`\r\n${dim(`[${text}]`)}\r\n`);
  let end: (ending: Ending) => void = () => {};
  const ended = new Promise<Ending>((resolve) => {
    end = resolve;
  });
  let restore = () => {};
  let raw = false;
  const stream = openTerminalStream(target, session, {
    ready({ tty, writable }) {
      restore();
      raw = writable && tty && options.input && process.stdin.isTTY === true;
      restore = writable ? connectInput(stream, tty, options, () => end({ detached: true })) : () => {};
    },
    output(bytes, isError) {
      if (process.stdout.isTTY) modes.push(bytes);
      return write(isError ? process.stderr : process.stdout, bytes);
    },
    gap: ({ from, to }) => notice(`${to - from} bytes of output were dropped`),
    interrupted: () => notice("the connection broke; connecting again"),
  });
  const forget = passSignals(options, () => raw, end);
  try {
    return await Promise.race([stream.exit.then((exit) => ({ exit })), ended]);
  } finally {
    forget();
    restore();
    process.stdout.write(modes.reset());
    stream.close();
  }
}

/** Passes on what is typed, or piped in, and the size of the window. Returns what undoes it. */
function connectInput(
  stream: TerminalStream,
  tty: boolean,
  { input, detachKeys }: ConnectOptions,
  detach: () => void,
): () => void {
  const { stdin, stdout } = process;
  const onResize = () => {
    const { cols, rows } = terminalSize();
    void stream.send(encodeResize(cols, rows));
  };
  if (tty && stdout.isTTY) {
    onResize();
    stdout.on("resize", onResize);
  }
  const stopInput = input ? passInput(stream, tty && stdin.isTTY === true, detachKeys, detach) : endInput(stream, tty);
  return () => {
    stdout.off("resize", onResize);
    stopInput();
  };
}

function passInput(stream: TerminalStream, raw: boolean, detachKeys: readonly number[], detach: () => void) {
  const { stdin } = process;
  const keys = createDetachKeys(detachKeys);
  async function send(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; at += inputBytes) {
      await stream.send(encodeBytes(Opcode.input, bytes.subarray(at, at + inputBytes)));
    }
  }
  const onData = (bytes: Buffer) => {
    const typed = raw ? keys.push(bytes) : { rest: bytes, detach: false };
    // What is piped in comes no faster than it goes out.
    stdin.pause();
    void send(typed.rest).then(() => (typed.detach ? detach() : stdin.resume()));
  };
  const onEnd = () => void stream.send(encodeEndOfInput());
  const restoreTerminal = raw ? makeRaw(stdin) : () => {};
  if (stdin.readableEnded) onEnd();
  else stdin.on("data", onData).on("end", onEnd).resume();
  return () => {
    stdin.off("data", onData).off("end", onEnd).pause();
    restoreTerminal();
  };
}

/** A program at pipes sees the end of its input; one at a terminal has nobody who types. */
function endInput(stream: TerminalStream, tty: boolean): () => void {
  if (!tty) void stream.send(encodeEndOfInput());
  return () => {};
}

/**
 * Handles signals to this process: passed on where the other side has no terminal of ours, and the third leaves it; the
 * end of this process where it has.
 */
function passSignals(options: ConnectOptions, isRaw: () => boolean, end: (ending: Ending) => void): () => void {
  const signals: EndingSignal[] = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"];
  let count = 0;
  const onSignal = (signal: EndingSignal) => {
    count += 1;
    const passed = options.onSignal(signal, isRaw()).catch(() => {});
    if (isRaw() || signal === "SIGHUP" || count >= 3) void passed.then(() => end({ signal }));
  };
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
  };
}

/** The exit code of a shell for a command that a signal ended. */
export function exitCodeOfSignal(signal: EndingSignal): number {
  return 128 + constants.signals[signal];
}

async function write(stream: Writable, bytes: Uint8Array): Promise<void> {
  if (!stream.write(bytes)) await once(stream, "drain");
}
