import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { closeSync } from "node:fs";
import type { Writable } from "node:stream";
import { openLog } from "./log-file.ts";
import { identify, type ProcessIdentity, type StopStep } from "./process-identity.ts";
import type { PartName } from "./state.ts";

/** A process that was started or taken over. */
export interface Launched {
  process: ProcessIdentity;
  /** Resolves, in words, when it has ended. */
  ended: Promise<string>;
}

/** One of the supervised processes: how it is started, asked how it is, and stopped. */
export interface Part {
  name: PartName;
  /** Starts it, or takes over one that runs; does not wait until it answers. May reject on the signal. */
  launch(signal: AbortSignal): Promise<Launched>;
  /** Resolves when it answers; rejects, with the reason, when it does not. */
  check(): Promise<void>;
  /** Called once after every launch, when it answers: what others rely on. */
  prepare?(): Promise<void>;
  stopSteps: readonly StopStep[];
}

export interface LaunchOptions {
  command: readonly string[];
  env: Record<string, string>;
  cwd: string;
  /** Folder and name of the log that gets both outputs. */
  log: { folder: string; name: string };
  /** Written to descriptor 3, which is then closed. */
  secret?: string;
  /** Gets descriptor 4 as a stream that stays open; returns what to do when the process has ended. */
  tell?(channel: Writable): () => void;
}

/** Starts a process in a session of its own, so that a terminal's Ctrl-C reaches the supervisor alone. */
export async function launchProcess({ command, env, cwd, log, secret, tell }: LaunchOptions): Promise<Launched> {
  const [file = "", ...args] = command;
  const output = openLog(log.folder, log.name);
  let child: ChildProcess;
  try {
    const pipe = (wanted: boolean) => (wanted ? "pipe" : "ignore");
    const stdio: StdioOptions = ["ignore", output, output, pipe(secret !== undefined), pipe(tell !== undefined)];
    child = spawn(file, args, { env: env as NodeJS.ProcessEnv, cwd, stdio, detached: true });
  } finally {
    closeSync(output);
  }
  const ended = new Promise<string>((resolve) => {
    child.once("exit", (code, signal) => resolve(signal ? `killed by ${signal}` : `ended with exit code ${code}`));
  });
  await new Promise((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", reject);
  });
  giveSecret(child, secret);
  keepTelling(child, tell);
  const process = child.pid === undefined ? null : identify(child.pid);
  if (!process) throw new Error(`${file} ${await ended}`);
  return { process, ended };
}

function keepTelling(child: ChildProcess, tell: LaunchOptions["tell"]): void {
  const pipe = child.stdio[4];
  if (!tell || !pipe || !("end" in pipe)) return;
  pipe.on("error", () => {});
  child.once("exit", tell(pipe));
}

function giveSecret(child: ChildProcess, secret: string | undefined): void {
  const pipe = child.stdio[3];
  if (secret === undefined || !pipe || !("end" in pipe)) return;
  // A process that died at once does not read: its end is what gets reported.
  pipe.on("error", () => {});
  pipe.end(secret);
}
