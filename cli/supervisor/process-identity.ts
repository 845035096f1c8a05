import { readFileSync, readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";

/** A process for good: a pid alone is reused, a pid with its start time (clock ticks since boot) is not. */
export const ProcessIdentity = z.object({ pid: z.int().min(1), startTime: z.string() });
export type ProcessIdentity = z.infer<typeof ProcessIdentity>;

/** State (a letter) and start time of a process, from /proc/PID/stat (proc(5), fields 3 and 22); null when there is none. */
function readStat(pid: number): { state: string; startTime: string } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in field 2 is in parentheses and may hold anything, parentheses too.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0] ?? "", startTime: fields[19] ?? "" };
  } catch {
    return null;
  }
}

/** The identity of a process that exists now, else null. */
export function identify(pid: number): ProcessIdentity | null {
  const stat = readStat(pid);
  return stat && { pid, startTime: stat.startTime };
}

/** Whether that very process still runs; a zombie does not. */
export function isAlive({ pid, startTime }: ProcessIdentity): boolean {
  const stat = readStat(pid);
  return stat !== null && stat.startTime === startTime && stat.state !== "Z" && stat.state !== "X";
}

/** What a process executes and as whom; null when it is gone. */
export function describeProcess(pid: number): { executable: string; uid: number; name: string } | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const uid = Number(/^Uid:\s+(\d+)/m.exec(status)?.[1]);
    const name = /^Name:\s+(.*)$/m.exec(status)?.[1] ?? "";
    return { executable: readlinkSync(`/proc/${pid}/exe`), uid, name };
  } catch {
    return null;
  }
}

/** Sends a signal if that very process still runs; says whether it did. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isAlive(identity)) return false;
  try {
    return process.kill(identity.pid, signal);
  } catch {
    return false;
  }
}

/** Waits until that process has ended; false when it still runs after `milliseconds`. For processes that are not our children. */
export async function waitForEnd(identity: ProcessIdentity, milliseconds: number, every = 50): Promise<boolean> {
  const deadline = Date.now() + milliseconds;
  while (isAlive(identity)) {
    if (Date.now() >= deadline) return false;
    await sleep(every);
  }
  return true;
}

/** A signal and how long, in milliseconds, to wait for the process to end before the next one. */
export type StopStep = readonly [signal: NodeJS.Signals, milliseconds: number];

/** Sends the signals one after the other until the process has ended; false when it outlived them all. */
export async function endProcess(identity: ProcessIdentity, steps: readonly StopStep[]): Promise<boolean> {
  for (const [signal, milliseconds] of steps) {
    signalProcess(identity, signal);
    if (await waitForEnd(identity, milliseconds)) return true;
  }
  return !isAlive(identity);
}
