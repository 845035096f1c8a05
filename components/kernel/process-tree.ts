import type { KernelProcess, KernelView } from "@/lib/contract/kernel.ts";

/** A process in its place in the tree. */
export interface TreeRow {
  process: KernelProcess;
  depth: number;
}

/** Processes below their parents, in order of their host pids. One whose parent is not listed stands at the top. */
export function processTree(processes: readonly KernelProcess[]): TreeRow[] {
  const listed = new Set(processes.map(({ hostPid }) => hostPid));
  const children = new Map<number, KernelProcess[]>();
  for (const process of [...processes].sort((a, b) => a.hostPid - b.hostPid)) {
    const parent = listed.has(process.hostParentPid) ? process.hostParentPid : 0;
    children.set(parent, [...(children.get(parent) ?? []), process]);
  }
  const rows: TreeRow[] = [];
  const placed = new Set<number>();
  const place = (top: readonly KernelProcess[]) => {
    const waiting = top.map((process): TreeRow => ({ process, depth: 0 })).reverse();
    for (let row = waiting.pop(); row; row = waiting.pop()) {
      const { process, depth } = row;
      if (placed.has(process.hostPid)) continue;
      placed.add(process.hostPid);
      rows.push(row);
      const below = children.get(process.hostPid) ?? [];
      waiting.push(...below.map((child) => ({ process: child, depth: depth + 1 })).reverse());
    }
  };
  place(children.get(0) ?? []);
  // Parents that were read at different moments may form a ring.
  place(processes.filter(({ hostPid }) => !placed.has(hostPid)));
  return rows;
}

/** Percent of one core since the reading before; null when that one did not have the process. */
export function cpuPercentOf(process: KernelProcess, now: KernelView, before: KernelView | null): number | null {
  const then = before?.processes?.items.find(({ hostPid }) => hostPid === process.hostPid);
  const seconds = before ? (Date.parse(now.at) - Date.parse(before.at)) / 1000 : 0;
  if (!then || seconds <= 0 || process.cpuSeconds < then.cpuSeconds) return null;
  return ((process.cpuSeconds - then.cpuSeconds) / seconds) * 100;
}
