import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { fail } from "../../lib/contract/problem.ts";
import { within } from "../../lib/within.ts";
import { type Context, cgroupPath, runFolder } from "../context.ts";
import type { ContainerRecord, Status } from "../state/record.ts";
import { type Ending, type ShimWatch, watchShim } from "./shim.ts";

/** How long the kernel gets to end what was killed, in milliseconds, before the next stronger means. */
const killPatience = 5000;

/** The watch of a container that runs; a new one where there is none yet. */
export function runOf(context: Context, record: ContainerRecord): ShimWatch {
  const known = context.runs.get(record.id);
  if (known) return known;
  if (!record.shim) throw new Error(`the record of ${record.id} names no shim`);
  const watch = watchShim(context.addon, record.shim, runFolder(context, record.id));
  context.runs.set(record.id, watch);
  return watch;
}

/** Sends a signal to a container's first process: through its shim, or itself when the shim does not answer. */
export async function signalInit(context: Context, record: ContainerRecord, name: NodeJS.Signals): Promise<void> {
  if (await runOf(context, record).signal(constants.signals[name], "init")) return;
  const { pid } = record.status;
  if (pid === null || context.addon.processStartTime(pid) !== record.startTime) return;
  process.kill(pid, name);
}

/**
 * Asks a container to end: SIGTERM to its first process, which goes on if it is paused. A shell at a terminal ignores
 * SIGTERM, and as process 1 it gets no signal that it does not catch (pid_namespaces(7)); but it ends when its terminal
 * is hung up. So that is done where SIGTERM would do nothing.
 */
export async function askToEnd(context: Context, record: ContainerRecord): Promise<void> {
  const catchesTerm = catches(context, record, constants.signals.SIGTERM);
  await signalInit(context, record, "SIGTERM");
  const group = cgroupPath(context, record.id);
  if (context.addon.cgroupIsFrozen(group)) await thaw(context, record, group);
  if (record.spec.tty && !catchesTerm) await runOf(context, record).signal(constants.signals.SIGHUP, "terminal");
}

/** Whether a container's first process has a handler for a signal (proc_pid_status(5), SigCgt). */
function catches(context: Context, { status, startTime }: ContainerRecord, signal: number): boolean {
  const { pid } = status;
  if (pid === null || context.addon.processStartTime(pid) !== startTime) return false;
  try {
    const caught = /^SigCgt:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "0";
    return ((BigInt(`0x${caught}`) >> BigInt(signal - 1)) & 1n) === 1n;
  } catch {
    return false; // it has ended meanwhile
  }
}

/** By the shim, so that the trace of the end has it; one of an earlier version doesn't know how. */
async function thaw(context: Context, record: ContainerRecord, group: string): Promise<void> {
  await runOf(context, record).signal(constants.signals.SIGCONT, "group");
  if (context.addon.cgroupIsFrozen(group)) await context.addon.cgroupFreeze(group, false);
}

/** Kills every process of a container and answers how it ended. Throws the problem internal when that takes too long. */
export async function killRun(context: Context, record: ContainerRecord): Promise<Ending> {
  const run = runOf(context, record);
  if (await run.signal(constants.signals.SIGKILL, "all")) {
    const ending = await within(run.ended, killPatience);
    if (ending) return ending;
  }
  await context.addon.cgroupKill(cgroupPath(context, record.id));
  const ending = await within(run.ended, killPatience);
  if (ending) return ending;
  throw fail("internal", "The container did not end", `Its processes were killed, and the kernel has not ended them.`, {
    remedy: "A process in uninterruptible sleep (state D in ps) waits for a device. Look into dmesg, then try again.",
  });
}

/** What the record says after the end of a run. */
export function endedStatus(ending: Ending, now: string): Partial<Status> {
  if (!ending.exit) {
    return { state: "lost", pid: null, exitCode: null, signal: null, reason: "shim-died", finishedAt: now };
  }
  const { exitCode, signal, reason, oomKills, finishedAt } = ending.exit;
  return { state: "exited", pid: null, exitCode, signal, reason, oomKills, finishedAt };
}

/**
 * Waits until the shim of an ended run is gone: it stays a few seconds for clients that still read.
 * One that stays longer than `patience` milliseconds is killed: all that it had to write is written.
 */
export async function untilShimGone(context: Context, record: ContainerRecord, patience: number): Promise<void> {
  const { shim } = record;
  if (!shim || record.bootId !== context.bootId) return;
  const gone = context.addon.watchProcess(shim.pid, shim.startTime).then(() => true);
  if (await within(gone, patience)) return;
  if (context.addon.processStartTime(shim.pid) === shim.startTime) process.kill(shim.pid, "SIGKILL");
  await within(gone, killPatience);
}
