import { spawnSync } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import type { Client } from "../lib/client/api.ts";
import { type Exit, encodeBytes, encodeEndOfInput, encodeResize, Opcode } from "../lib/contract/terminal.ts";
import { createDetachKeys } from "./detach-keys.ts";
import { styleFor } from "./style.ts";
import { openTerminalStream, type TerminalStream } from "./terminal-stream.ts";

/** Largest piece of input that is sent in one message. */
const inputBytes = 32 * 1024;

/**
 * Connects this process's terminal, or its pipes, with a container's, until the container ends or Ctrl-P Ctrl-Q is
 * typed. Resolves with how it ended, or null when the person detached. Throws a ProblemError when it is refused.
 */
export async function attach(
  target: { url: string; token: string; client: Client },
  name: string,
): Promise<Exit | null> {
  const { columns = 80, rows = 24 } = process.stdout;
  const session = await target.client.call("createSession", { params: { name }, body: { cols: columns, rows } });
  const { dim } = styleFor(process.stderr);
  // The terminal may be in raw mode, where a line's end alone does not go back to its start.
  const notice = (text: string) => void process.stderr.write(`\r\n${dim(`[${text}]`)}\r\n`);
  let detach = () => {};
  const detached = new Promise<null>((resolve) => {
    detach = () => resolve(null);
  });
  let restore = () => {};
  const stream = openTerminalStream(target, session, {
    ready({ tty, writable }) {
      restore();
      restore = writable ? connectInput(stream, tty, detach) : () => {};
    },
    output: (bytes, isError) => write(isError ? process.stderr : process.stdout, bytes),
    gap: ({ from, to }) => notice(`${to - from} bytes of output were dropped`),
    interrupted: () => notice("the connection broke; connecting again"),
  });
  try {
    return await Promise.race([stream.exit, detached]);
  } finally {
    restore();
    stream.close();
  }
}

/** Passes on what is typed, or piped in, and the size of the window. Returns what undoes it. */
function connectInput(stream: TerminalStream, tty: boolean, detach: () => void): () => void {
  const { stdin, stdout } = process;
  const raw = tty && stdin.isTTY === true;
  const keys = createDetachKeys();
  const onData = (bytes: Buffer) => {
    const typed = raw ? keys.push(bytes) : { rest: bytes, detach: false };
    for (let at = 0; at < typed.rest.length; at += inputBytes) {
      stream.send(encodeBytes(Opcode.input, typed.rest.subarray(at, at + inputBytes)));
    }
    if (typed.detach) detach();
  };
  const onEnd = () => stream.send(encodeEndOfInput());
  const onResize = () => stream.send(encodeResize(stdout.columns, stdout.rows));
  if (raw) makeRaw(stdin);
  if (tty && stdout.isTTY) {
    onResize();
    stdout.on("resize", onResize);
  }
  listen(stdin, onData, onEnd);
  return () => {
    stdout.off("resize", onResize);
    stdin.off("data", onData).off("end", onEnd).pause();
    if (raw) stdin.setRawMode(false);
  };
}

/**
 * libuv's raw mode leaves output processing on, by which a line feed would become a new line too (termios(3), ONLCR):
 * full-screen programs move the cursor down with it. setRawMode(false) brings everything back.
 */
function makeRaw(stdin: NodeJS.ReadStream): void {
  stdin.setRawMode(true);
  spawnSync("stty", ["-opost"], { stdio: ["inherit", "ignore", "ignore"] });
}

function listen(input: Readable, onData: (bytes: Buffer) => void, onEnd: () => void): void {
  if (input.readableEnded) onEnd();
  else input.on("data", onData).on("end", onEnd).resume();
}

async function write(stream: Writable, bytes: Uint8Array): Promise<void> {
  if (!stream.write(bytes)) await once(stream, "drain");
}
