import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { Opcode } from "../../lib/contract/terminal.ts";
import { createFrameReader } from "../../lib/frames.ts";
import type { Addon } from "../addon/addon.ts";
import { readJson } from "../state/files.ts";
import type { ProcessIdentity } from "../state/record.ts";
import { encodeSignal, ShimOpcode, type SignalScope } from "./frames.ts";
import { ExitFile } from "./report.ts";

/** How a run ended: with an exit status, or with its shim. */
export type Ending = { exit: ExitFile } | { exit: null };

/** A shim that is watched. */
export interface ShimWatch {
  /** Resolves once the container's first process has ended and its exit status is written, or the shim is gone. */
  ended: Promise<Ending>;
  /** Sends a signal through the shim. Answers false when the shim can't be reached. */
  signal(signal: number, scope: SignalScope): Promise<boolean>;
}

/** How long a shim may take to answer that it has sent a signal. */
const answerTimeout = 2000;

/** Watches a shim by its socket and by its process; `runFolder` is RUN/containers/ID. */
export function watchShim(addon: Addon, shim: ProcessIdentity, runFolder: string): ShimWatch {
  const socketPath = join(runFolder, "shim.sock");
  const listening = new AbortController();
  const gone = addon.watchProcess(shim.pid, shim.startTime);
  const ended = Promise.race([gone, hearExit(socketPath, listening.signal)]).then(async () => {
    listening.abort();
    return { exit: await readJson(join(runFolder, "exit.json"), ExitFile) };
  });
  return { ended, signal: (signal, scope) => sendSignal(socketPath, signal, scope) };
}

/** Resolves when the shim says that its container has exited; never when the shim can't be reached or goes away. */
function hearExit(socketPath: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    readFrames(socket, (message) => {
      if (message[0] === Opcode.exit) resolve();
    });
    socket.on("error", () => socket.destroy());
    signal.addEventListener("abort", () => socket.destroy(), { once: true });
  });
}

function readFrames(socket: Socket, onMessage: (message: Buffer) => void): void {
  const reader = createFrameReader();
  socket.on("data", (piece: Buffer) => {
    try {
      reader.push(piece).forEach(onMessage);
    } catch {
      socket.destroy();
    }
  });
}

function sendSignal(socketPath: string, signal: number, scope: SignalScope): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath, () => socket.write(encodeSignal(signal, scope)));
    socket.setTimeout(answerTimeout, () => socket.destroy());
    readFrames(socket, (message) => {
      // The exit is an answer too: there is nothing left to signal.
      if (message[0] !== ShimOpcode.signalled && message[0] !== Opcode.exit) return;
      resolve(true);
      socket.destroy();
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(false));
  });
}
