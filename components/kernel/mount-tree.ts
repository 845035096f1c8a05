import type { KernelMount } from "@/lib/contract/kernel.ts";

/** A mount in its place below the one that it is mounted on. */
export interface MountRow {
  mount: KernelMount;
  depth: number;
}

/** Mounts below those that they are mounted on, in order of their places. */
export function mountTree(mounts: readonly KernelMount[]): MountRow[] {
  const listed = new Set(mounts.map(({ id }) => id));
  const children = new Map<number, KernelMount[]>();
  const sorted = [...mounts].sort((a, b) => (a.point < b.point ? -1 : a.point > b.point ? 1 : a.id - b.id));
  for (const mount of sorted) {
    const parent = listed.has(mount.parent) && mount.parent !== mount.id ? mount.parent : 0;
    children.set(parent, [...(children.get(parent) ?? []), mount]);
  }
  const rows: MountRow[] = [];
  const waiting = (children.get(0) ?? []).map((mount): MountRow => ({ mount, depth: 0 })).reverse();
  for (let row = waiting.pop(); row; row = waiting.pop()) {
    rows.push(row);
    const depth = row.depth + 1;
    waiting.push(...(children.get(row.mount.id) ?? []).map((mount) => ({ mount, depth })).reverse());
  }
  return rows;
}

/** What a mount is for, where that can be told: what hides the host's files, or keeps them from being written to. */
export function purposeOf({ source, root, type }: KernelMount): string | null {
  if (source === "minirun-mask") return root === "/null" ? "hides a file" : "hides a folder";
  if ((type === "proc" || type === "sysfs") && root !== "/") return "a part made read-only";
  return null;
}
