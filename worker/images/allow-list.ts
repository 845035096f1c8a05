import { realpath } from "node:fs/promises";
import { normalize, sep } from "node:path";

/** A path of the host as it was asked for: `real` is null when there is nothing, `allowed` the entries that permit it. */
export interface Permission<E> {
  real: string | null;
  allowed: E[];
}

/**
 * Finds the entries of an allow list at or below which a path of the host lies, links resolved. What is not there is
 * permitted by its words alone; so who gets no entry does not learn whether there is something.
 */
export async function permit<E extends { path: string }>(path: string, entries: readonly E[]): Promise<Permission<E>> {
  const real = await realpath(path).catch(() => null);
  const allowed: E[] = [];
  for (const entry of entries) {
    const folder = await realpath(entry.path).catch(() => null);
    if (folder === null) continue;
    const isIn = real === null ? isBelow(normalize(path), normalize(entry.path)) : isBelow(real, folder);
    if (isIn) allowed.push(entry);
  }
  return { real, allowed };
}

/** Whether a path is that folder or lies below it; both absolute and normal. */
export function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
