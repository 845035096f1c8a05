import { randomUUID } from "node:crypto";
import type { Client } from "../lib/client/api.ts";
import type { Container } from "../lib/contract/container.ts";
import { type ProblemCode, ProblemError } from "../lib/contract/problem.ts";
import type { Session } from "../lib/contract/session.ts";
import { describeExit } from "./describe-state.ts";
import { describeError, ExitCode } from "./errors.ts";
import { followLog } from "./follow-log.ts";
import { styleFor } from "./style.ts";
import type { Target } from "./target.ts";
import { type ConnectOptions, connect, type Ending, type EndingSignal, exitCodeOfSignal } from "./terminal/connect.ts";
import { terminalSize } from "./terminal/terminal-size.ts";

/** 128 and SIGKILL, which the kernel sends for want of memory. */
const killed = 137;

/** A ticket lives for 30 s: one that is older than this, in milliseconds, is not tried. */
const ticketMs = 20_000;

export interface AttachOptions {
  /** Pass standard input on. */
  input: boolean;
  detachKeys: readonly number[];
}

type Leaving = Pick<ConnectOptions, "onReaderLeft">;

/** How being attached ended: the exit code for this process, and whether the container has ended. */
export interface Attached {
  code: number;
  hasEnded: boolean;
}

/**
 * Starts a container, and attaches to it until it ends, or this side does. The code is the container's own, or 0 after
 * detaching. When nobody reads this side's output any more it gets SIGHUP, unless `onReaderLeft` says otherwise.
 */
export async function startAttached(
  target: Target,
  name: string,
  { onReaderLeft = () => signalContainer(target, name, "SIGHUP"), ...options }: AttachOptions & Leaving,
): Promise<Attached> {
  const { client } = target;
  // Before the start: a container that removes itself waits for whoever has a session on it.
  const openedAt = Date.now();
  const session = await openSession(client, name);
  const started = await client.call("startContainer", { params: { name }, idempotencyKey: randomUUID() });
  const params = { id: session.sessionId };
  const usable = Date.now() - openedAt < ticketMs ? session : await client.call("createTicket", { params });
  try {
    const ending = await watch(target, started.id, usable, { ...options, onReaderLeft });
    const code = exitCodeOfEnding(ending, "container");
    if (code === ExitCode.commandNotFound || code === killed) await tellWhy(client, started.id);
    return { code, hasEnded: "exit" in ending };
  } catch (error) {
    // It ended before we could attach: its output of this run is in the log.
    if (isProblem(error, "container-not-running")) return { code: await replay(client, started), hasEnded: true };
    throw error;
  }
}

/** Attaches to a container that runs, and returns the exit code: its own, or 0 after detaching. */
export async function attach(target: Target, name: string, options: AttachOptions): Promise<number> {
  const session = await openSession(target.client, name);
  return exitCodeOfEnding(await watch(target, name, session, options), "container");
}

/** Sends a signal to a container's first process. */
async function signalContainer({ client }: Target, name: string, signal: EndingSignal): Promise<void> {
  await client.call("killContainer", { params: { name }, body: { signal }, idempotencyKey: randomUUID() });
}

const openSession = (client: Client, name: string) =>
  client.call("createSession", { params: { name }, body: terminalSize() });

function watch(target: Target, name: string, session: Session, options: AttachOptions & Leaving): Promise<Ending> {
  const onSignal = async (signal: EndingSignal, raw: boolean) => {
    // At a terminal of its own the container hears of us by keys alone.
    if (!raw) await signalContainer(target, name, signal);
  };
  return connect(target, session, { ...options, onSignal });
}

export function isProblem(error: unknown, ...codes: ProblemCode[]): boolean {
  return error instanceof ProblemError && codes.includes(error.problem.code);
}

/** What this process ends with; says on standard error when it was no ordinary end of the container, or of a command. */
export function exitCodeOfEnding(ending: Ending, what: "container" | "command"): number {
  if ("detached" in ending || "readerLeft" in ending) return ExitCode.ok;
  if ("signal" in ending) return exitCodeOfSignal(ending.signal);
  explain(ending.exit, what);
  return ending.exit.exitCode ?? ExitCode.unreachable;
}

async function replay(client: Client, started: Container): Promise<number> {
  const since = started.startedAt ?? started.createdAt;
  for await (const { time, stream, text } of followLog(client, started.id, { since })) {
    if (Date.parse(time) >= Date.parse(since)) (stream === "stderr" ? process.stderr : process.stdout).write(text);
  }
  const ended = await client.call("getContainer", { params: { name: started.id } });
  explain(ended, "container");
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

type End = { exitCode: number | null; signal: string | null; reason: string | null };

function explain(exit: End, what: "container" | "command"): void {
  if (exit.reason === "exited") return;
  console.error(styleFor(process.stderr).yellow(`the ${what} ended: ${describeExit(exit)}`));
}
