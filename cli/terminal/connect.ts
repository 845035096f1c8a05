import { once } from "node:events";
import { constants } from "node:os";
import type { Writable } from "node:stream";
import type { Session } from "../../lib/contract/session.ts";
import { type Exit, encodeEndOfInput, encodeResize } from "../../lib/contract/terminal.ts";
import { onBrokenPipe } from "../broken-pipe.ts";
import { styleFor } from "../style.ts";
import type { Target } from "../target.ts";
import { createModeTracker } from "./modes.ts";
import { type PassedInput, passKeys, passPiped } from "./pass-input.ts";
import { terminalSize } from "./terminal-size.ts";
import { openTerminalStream, type TerminalStream } from "./terminal-stream.ts";

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
  /** What it means for what runs there that nobody reads its output here any more (EPIPE); this process then ends. */
  onReaderLeft?(raw: boolean): Promise<void>;
}

/**
 * How a connection ended: what runs there has (`exit`), the keys to detach were typed, a signal ended this side, or
 * whoever read this side's output left (`| head`).
 */
export type Ending = { exit: Exit } | { detached: true } | { signal: EndingSignal } | { readerLeft: true };

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
  let input = null as PassedInput | null;
  let raw = false;
  const stream = openTerminalStream(target, session, {
    ready({ tty, writable }) {
      if (writable && input) return input.resume();
      input?.stop();
      raw = writable && tty && options.input && process.stdin.isTTY === true;
      input = writable ? connectInput(stream, tty, options, () => end({ detached: true })) : null;
    },
    output(bytes, isError) {
      if (process.stdout.isTTY) modes.push(bytes);
      return write(isError ? process.stderr : process.stdout, bytes);
    },
    gap: ({ from, to }) => notice(`${to - from} bytes of output were dropped`),
    interrupted: () => notice("the connection broke; connecting again"),
  });
  const forgetSignals = passSignals(options, () => raw, end);
  const forgetReader = onBrokenPipe(() => {
    const told = options.onReaderLeft?.(raw) ?? Promise.resolve();
    void told.catch(() => {}).then(() => end({ readerLeft: true }));
  });
  try {
    return await Promise.race([stream.exit.then((exit) => ({ exit })), ended]);
  } finally {
    forgetSignals();
    forgetReader();
    input?.stop();
    process.stdout.write(modes.reset());
    stream.close();
  }
}

/** Passes on what is typed, or piped in, and the size of the window. */
function connectInput(
  stream: TerminalStream,
  tty: boolean,
  { input, detachKeys }: ConnectOptions,
  detach: () => void,
): PassedInput {
  const { stdin, stdout } = process;
  const onResize = () => {
    const { cols, rows } = terminalSize();
    void stream.send(encodeResize(cols, rows));
  };
  const hasSize = tty && stdout.isTTY;
  if (hasSize) {
    onResize();
    stdout.on("resize", onResize);
  }
  const passed = input ? passInput() : endInput(stream, tty);
  return {
    resume() {
      if (hasSize) onResize();
      passed.resume();
    },
    stop() {
      stdout.off("resize", onResize);
      passed.stop();
    },
  };

  function passInput(): PassedInput {
    return tty && stdin.isTTY ? passKeys(stream, detachKeys, detach) : passPiped(stdin, stream);
  }
}

/** A program at pipes sees the end of its input; one at a terminal has nobody who types. */
function endInput(stream: TerminalStream, tty: boolean): PassedInput {
  const resume = () => {
    if (!tty) void stream.send(encodeEndOfInput());
  };
  resume();
  return { resume, stop() {} };
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

/** Where nobody reads any more the end of the connection is on its way: nothing more is taken meanwhile. */
async function write(stream: Writable, bytes: Uint8Array): Promise<void> {
  if (!stream.write(bytes)) await once(stream, "drain").catch(() => new Promise(() => {}));
}
