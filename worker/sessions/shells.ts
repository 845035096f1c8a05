import { close } from "node:fs";
import { basename } from "node:path";
import { fail } from "../../lib/contract/problem.ts";
import type { Addon } from "../addon/addon.ts";
import { textReader } from "../engine/resolve-user.ts";

/** The most comfortable first; /bin/sh, which nearly every image has, comes last. */
const known = ["bash", "zsh", "fish", "ksh", "ash", "dash"];
const folders = ["/bin", "/usr/bin", "/usr/local/bin"];
/** shells(5) lists what is no shell to work with, too. */
const noShells = new Set(["nologin", "false", "true", "sync", "rbash", "git-shell", "screen", "tmux"]);
const mostListed = 64;

/** The shells that there are beneath a root, the best first: usual ones at usual places, and those of /etc/shells. */
export async function findShells(addon: Addon, root: number): Promise<string[]> {
  const usual = [...known, "sh"].flatMap((name) => folders.map((folder) => `${folder}/${name}`));
  const listed = shellsIn((await textReader(addon, root)("/etc/shells")) ?? "");
  const found = new Map<string, string>();
  for (const path of [...usual, ...listed]) {
    const inode = await programAt(addon, root, path);
    // /bin and /usr/bin are one directory on most systems: the same program under the same name counts once.
    const key = `${basename(path)} ${inode}`;
    if (inode !== null && !found.has(key)) found.set(key, path);
  }
  return [...found.values()].sort((one, other) => rank(one) - rank(other));
}

/** The best of them. Throws shell-not-found. */
export async function bestShell(addon: Addon, root: number): Promise<string> {
  const [best] = await findShells(addon, root);
  if (best !== undefined) return best;
  throw fail("shell-not-found", "The container has no shell", "No shell is at a usual place or in its /etc/shells.", {
    remedy: "Name a command that the container has.",
  });
}

/** Entries of shells(5): absolute paths, one a line. */
export function shellsIn(text: string): string[] {
  const lines = text.split("\n").map((line) => line.trim());
  return lines.filter((line) => /^\/\S{1,255}$/.test(line) && !noShells.has(basename(line))).slice(0, mostListed);
}

function rank(path: string): number {
  const name = basename(path);
  if (name === "sh") return known.length + 1;
  return known.includes(name) ? known.indexOf(name) : known.length;
}

/** The inode of an executable file, or null. */
async function programAt(addon: Addon, root: number, path: string): Promise<string | null> {
  const entry = await addon.openEntry(root, path, true).catch(() => null);
  if (!entry) return null;
  close(entry.fd);
  return entry.type === "file" && (entry.mode & 0o111) !== 0 ? entry.inode : null;
}
