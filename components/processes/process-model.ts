import type { ProcessInfo, ProcessList } from "@/lib/contract/stats.ts";

/** A process with its share of CPU since the list before; null when that one did not have it. */
export interface Process extends ProcessInfo {
  cpuPercent: number | null;
}

/** A process in its place: how deep it lies below the first, and whether it has any below it. */
export interface Row {
  process: Process;
  depth: number;
}

export type SortKey = "cpu" | "memory" | "pid" | "time";

/** Identity of a process: a pid comes again, a pid with its start does not. */
function identity({ hostPid, startedAt }: ProcessInfo): string {
  return `${hostPid} ${startedAt}`;
}

/** The processes of a list, with CPU shares from the list before. 100 is one core. */
export function withShares(list: ProcessList, before: ProcessList | null): Process[] {
  const seconds = before ? (Date.parse(list.at) - Date.parse(before.at)) / 1000 : 0;
  const earlier = new Map(before?.items.map((process) => [identity(process), process.cpuSeconds]));
  return list.items.map((process) => {
    const then = earlier.get(identity(process));
    const known = then !== undefined && seconds > 0;
    return { ...process, cpuPercent: known ? Math.max(0, ((process.cpuSeconds - then) / seconds) * 100) : null };
  });
}

const order: Record<SortKey, (a: Process, b: Process) => number> = {
  cpu: (a, b) => (b.cpuPercent ?? -1) - (a.cpuPercent ?? -1) || b.cpuSeconds - a.cpuSeconds || a.pid - b.pid,
  memory: (a, b) => b.memoryBytes - a.memoryBytes || a.pid - b.pid,
  pid: (a, b) => a.pid - b.pid,
  time: (a, b) => b.cpuSeconds - a.cpuSeconds || a.pid - b.pid,
};

/** All processes in one order. */
export function flat(processes: readonly Process[], sort: SortKey): Row[] {
  return [...processes].sort(order[sort]).map((process) => ({ process, depth: 0 }));
}

/** Processes below their parents, siblings in order. One whose parent is not listed stands at the top. */
export function tree(processes: readonly Process[], sort: SortKey): Row[] {
  const listed = new Set(processes.map(({ pid }) => pid));
  const children = new Map<number, Process[]>();
  for (const process of [...processes].sort(order[sort])) {
    const parent = listed.has(process.parentPid) && process.parentPid !== process.pid ? process.parentPid : 0;
    children.set(parent, [...(children.get(parent) ?? []), process]);
  }
  const rows: Row[] = [];
  const placed = new Set<number>();
  const place = (top: readonly Process[]) => {
    const waiting = top.map((process): Row => ({ process, depth: 0 })).reverse();
    for (let row = waiting.pop(); row; row = waiting.pop()) {
      if (placed.has(row.process.pid)) continue;
      placed.add(row.process.pid);
      rows.push(row);
      const below = children.get(row.process.pid) ?? [];
      const depth = row.depth + 1;
      waiting.push(...below.map((process) => ({ process, depth })).reverse());
    }
  };
  place(children.get(0) ?? []);
  // Parents that were read at different moments may form a ring.
  place(processes.filter(({ pid }) => !placed.has(pid)));
  return rows;
}

const states: Record<string, string> = {
  R: "Runs or is ready to run",
  S: "Sleeps until something happens",
  D: "Waits for a device; no signal reaches it",
  T: "Stopped by a signal",
  t: "Stopped by a debugger",
  Z: "Ended; its parent has not asked how",
  I: "Idle kernel thread",
  X: "Dead",
};

/** What a state's letter means (proc_pid_stat(5)). */
export function describeProcessState(state: string): string {
  return states[state] ?? "Unknown to this page";
}
