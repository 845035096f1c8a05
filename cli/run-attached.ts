import { randomUUID } from "node:crypto";
import type { Client } from "../lib/client/api.ts";
import type { Container } from "../lib/contract/container.ts";
import { type ProblemCode, ProblemError } from "../lib/contract/problem.ts";
import { describeExit } from "./describe-state.ts";
import { describeError, ExitCode } from "./errors.ts";
import { followLog } from "./follow-log.ts";
import { styleFor } from "./style.ts";
import type { Target } from "./target.ts";
import { connect, type Ending, type EndingSignal, exitCodeOfSignal } from "./terminal/connect.ts";
import { terminalSize } from "./terminal/terminal-size.ts";

/** 128 and SIGKILL, which the kernel sends for want of memory. */
const killed = 137;

export interface AttachOptions {
  /** Pass standard input on. */
  input: boolean;
  detachKeys: readonly number[];
}

/** Starts a container, attaches to it until it ends, and returns the exit code: its own, or 0 after detaching. */
export async function startAttached(target: Target, name: string, options: AttachOptions): Promise<number> {
  const { client } = target;
  const started = await client.call("startContainer", { params: { name }, idempotencyKey: randomUUID() });
  try {
    const code = await attach(target, started.id, options);
    if (code === ExitCode.commandNotFound || code === killed) await tellWhy(client, started.id);
    return code;
  } catch (error) {
    // It ended before we could attach: its output of this run is in the log.
    if (isProblem(error, "container-not-running")) return replay(client, started);
    throw error;
  }
}

/** Attaches to a container that runs, and returns the exit code: its own, or 0 after detaching. */
export async function attach(target: Target, name: string, options: AttachOptions): Promise<number> {
  const { client } = target;
  const session = await client.call("createSession", { params: { name }, body: terminalSize() });
  const onSignal = async (signal: EndingSignal, raw: boolean) => {
    // At a terminal of its own the container hears of us by keys alone.
    if (!raw) await client.call("killContainer", { params: { name }, body: { signal }, idempotencyKey: randomUUID() });
  };
  return exitCodeOfEnding(await connect(target, session, { ...options, onSignal }));
}

export function isProblem(error: unknown, ...codes: ProblemCode[]): boolean {
  return error instanceof ProblemError && codes.includes(error.problem.code);
}

/** What this process ends with; says on standard error when it was no ordinary end. */
export function exitCodeOfEnding(ending: Ending): number {
  if ("detached" in ending) return ExitCode.ok;
  if ("signal" in ending) return exitCodeOfSignal(ending.signal);
  explain(ending.exit);
  return ending.exit.exitCode ?? ExitCode.unreachable;
}

async function replay(client: Client, started: Container): Promise<number> {
  const since = started.startedAt ?? started.createdAt;
  for await (const { time, stream, text } of followLog(client, started.id, { since })) {
    if (Date.parse(time) >= Date.parse(since)) (stream === "stderr" ? process.stderr : process.stdout).write(text);
  }
  const ended = await client.call("getContainer", { params: { name: started.id } });
  explain(ended);
  await tellWhy(client, started.id);
  return ended.exitCode ?? ExitCode.unreachable;
}

/** Says what a container came to nothing of at once, where MiniRun could tell: a missing library, too little memory. */
async function tellWhy(client: Client, id: string): Promise<void> {
  const params = { name: id };
  try {
    // Its shim tells of the end before it is written down.
    await client.call("waitContainer", { params, query: { timeoutSeconds: 5 } });
    const { problem } = await client.call("getContainer", { params });
    if (problem) console.error(describeError(new ProblemError(problem), styleFor(process.stderr)));
  } catch (error) {
    if (!isProblem(error, "container-not-found")) throw error;
  }
}

function explain(exit: { exitCode: number | null; signal: string | null; reason: string | null }): void {
  if (exit.reason === "exited") return;
  console.error(styleFor(process.stderr).yellow(`the container ended: ${describeExit(exit)}`));
}
