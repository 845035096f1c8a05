import { close } from "node:fs";
import type { FileEntry } from "../../lib/contract/file.ts";
import { fail } from "../../lib/contract/problem.ts";
import type { Entry, OpenEntry } from "../../native/addon/index.d.ts";
import type { Addon } from "../addon/addon.ts";
import { hasCode } from "../state/files.ts";
import { using } from "./container-root.ts";
import { wrongType } from "./file-problem.ts";

/** As many links as the kernel follows: path_resolution(7). */
const maxLinks = 40;
/** What RFC 3339 can write: the years 0000 to 9999. */
const firstMs = Date.parse("0000-01-01T00:00:00Z");
const lastMs = Date.parse("9999-12-31T23:59:59.999Z");

type Looks = Pick<Addon, "openEntry">;

/** A name in an open directory: what is made or changed there is reached by both, never by a path again. */
export interface Place {
  /** O_PATH; the caller closes it. */
  directory: OpenEntry;
  name: string;
}

/** Splits a path at its last component. Throws invalid-request for one that names none, such as "/" or "/a/..". */
function splitPath(path: string): { above: string; name: string } {
  const trimmed = path.replace(/\/+$/, "");
  const at = trimmed.lastIndexOf("/");
  const name = trimmed.slice(at + 1);
  if (name === "" || name === "." || name === "..") {
    throw fail("invalid-request", "The path names no entry", `${JSON.stringify(path)} has no name at its end.`, {
      remedy: "Name the file or directory itself.",
    });
  }
  return { above: trimmed.slice(0, at) || "/", name };
}

/** Opens the directory that holds what a path names; a link at its end stays a link. */
export async function openPlace(addon: Looks, root: number, path: string): Promise<Place> {
  const { above, name } = splitPath(path);
  const directory = await addon.openEntry(root, above, true);
  if (directory.type === "directory" && !directory.kernel) return { directory, name };
  close(directory.fd);
  if (directory.kernel) throw wrongType(path, "in a view of the kernel", "Use a shell in the container for these.");
  throw wrongType(path, `below ${above}, which is no directory`);
}

/** The same, but links at the path's end are followed: the place of the file that they lead to, there or not. */
export async function openTarget(addon: Looks, root: number, path: string): Promise<Place> {
  let at = path;
  for (let links = 0; links < maxLinks; links += 1) {
    const place = await openPlace(addon, root, at);
    const entry = await lookUp(addon, place).catch((error) => {
      close(place.directory.fd);
      throw error;
    });
    if (entry?.type !== "symlink") return place;
    close(place.directory.fd);
    const target = entry.target ?? "";
    at = target.startsWith("/") ? target : `${splitPath(at).above}/${target}`;
  }
  throw wrongType(path, `the first of more than ${maxLinks} links`);
}

/** What stands at a place; null when nothing does. */
export async function lookUp(addon: Looks, { directory, name }: Place): Promise<OpenEntry | null> {
  try {
    const entry = await addon.openEntry(directory.fd, name, false);
    return await using(entry.fd, async () => entry);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return null;
    throw error;
  }
}

/**
 * The same of what is about to be replaced, moved or deleted. Throws EBUSY for a mount point: in the container's mount
 * namespace, which is not ours, the kernel would let it go and take the mount away with it.
 */
export async function lookUpToChange(addon: Looks, place: Place): Promise<OpenEntry | null> {
  const entry = await lookUp(addon, place);
  if (!entry || entry.mount === place.directory.mount) return entry;
  throw Object.assign(new Error(`${place.name} is a mount point`), { code: "EBUSY" });
}

/** A path for Node's own calls; the kernel resolves it by the descriptor, so that no one can change what it means. */
export function pathOf({ directory, name }: Place): string {
  return `${descriptorPath(directory.fd)}/${name}`;
}

export function descriptorPath(fd: number): string {
  return `/proc/self/fd/${fd}`;
}

/** An entry as the contract has it. */
export function toFileEntry(entry: Entry, path: string): FileEntry {
  const { name, type, size, mode, uid, gid, modifiedMs, target, etag } = entry;
  const modifiedAt = new Date(Math.min(Math.max(modifiedMs, firstMs), lastMs)).toISOString();
  return { name, path, type, sizeBytes: size, mode, uid, gid, modifiedAt, target, etag };
}
