import { setTimeout as sleep } from "node:timers/promises";
import { encodeBytes, encodeEndOfInput, Opcode } from "../../lib/contract/terminal.ts";
import { createDetachKeys } from "./detach-keys.ts";
import { makeRaw } from "./raw-mode.ts";
import type { TerminalStream } from "./terminal-stream.ts";

/** Largest piece of input that is sent in one message. */
const inputBytes = 32 * 1024;
/** So much of what is typed is kept while it can't be sent; no more is read then, as when somebody pastes a book. */
const heldBytes = 64 * 1024;
/** What was typed before the detach keys has so long to go out, in milliseconds. */
const partingMs = 500;

type Stdin = Pick<NodeJS.ReadStream, "on" | "off" | "pause" | "resume" | "readableEnded">;
type Sender = Pick<TerminalStream, "send">;

/** Input that is passed on, over every connection of its stream in the order in which it came. */
export interface PassedInput {
  /** To be called when the stream has a new connection. */
  resume(): void;
  /** Ends it; standard input is then as it was. */
  stop(): void;
}

/** Passes on what is piped in, no faster than it goes out. */
export function passPiped(stdin: Stdin, stream: Sender): PassedInput {
  let isOver = false;
  let sent = Promise.resolve();
  const onData = (bytes: Buffer) => {
    stdin.pause();
    sent = sent.then(() => sendInput(stream, bytes)).then(() => void (isOver || stdin.resume()));
  };
  const onEnd = () => {
    sent = sent.then(() => stream.send(encodeEndOfInput()));
  };
  if (stdin.readableEnded) onEnd();
  else stdin.on("data", onData).on("end", onEnd).resume();
  return {
    resume() {
      if (stdin.readableEnded) onEnd();
    },
    stop() {
      isOver = true;
      stdin.off("data", onData).off("end", onEnd).pause();
    },
  };
}

/**
 * Passes on what a person types. The keys are read also while the connection is broken: those to detach work then too,
 * and the others are kept until it is back.
 */
export function passTyped(
  stdin: Stdin,
  stream: Sender,
  detachKeys: readonly number[],
  detach: () => void,
): PassedInput {
  const keys = createDetachKeys(detachKeys);
  let held = 0;
  let isOver = false;
  let sent = Promise.resolve();
  const send = async (bytes: Uint8Array) => {
    await sendInput(stream, bytes);
    held -= bytes.length;
    if (held < heldBytes && !isOver) stdin.resume();
  };
  const onData = (bytes: Buffer) => {
    const typed = keys.push(bytes);
    held += typed.rest.length;
    if (held >= heldBytes) stdin.pause();
    sent = sent.then(() => send(typed.rest));
    if (typed.detach) void Promise.race([sent, sleep(partingMs)]).then(detach);
  };
  stdin.on("data", onData).resume();
  return {
    resume() {},
    stop() {
      isOver = true;
      stdin.off("data", onData).pause();
    },
  };
}

/** The same at this process's terminal, which is raw until that is stopped. */
export function passKeys(stream: Sender, detachKeys: readonly number[], detach: () => void): PassedInput {
  const restore = makeRaw(process.stdin);
  const passed = passTyped(process.stdin, stream, detachKeys, detach);
  return {
    resume: passed.resume,
    stop() {
      passed.stop();
      restore();
    },
  };
}

async function sendInput(stream: Sender, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; at += inputBytes) {
    await stream.send(encodeBytes(Opcode.input, bytes.subarray(at, at + inputBytes)));
  }
}
