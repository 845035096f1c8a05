import { close } from "node:fs";
import { dirname, join } from "node:path/posix";
import type { User } from "../engine/resolve-user.ts";
import type { ContainerFiles } from "../files/container-files.ts";
import { hasCode } from "../state/files.ts";

/** As many links as the kernel follows: path_resolution(7). */
const maxLinks = 40;

type Looked = Pick<Awaited<ReturnType<ContainerFiles["openEntry"]>>, "type" | "mode" | "uid" | "gid" | "target">;

/** What keeps a user from executing a file: the file itself, or a directory on the way to it. */
export interface Barrier {
  path: string;
  type: "file" | "directory";
  mode: number;
}

/** Looks at what a path without links names, itself; null where nothing is. */
export type Look = (path: string) => Promise<Looked | null>;

/** Looks beneath a container's root, with owners as the container counts them. */
export function lookBeneath(files: Pick<ContainerFiles, "openEntry">, root: number): Look {
  return async (path) => {
    try {
      const entry = await files.openEntry(root, path, false);
      close(entry.fd);
      return entry;
    } catch (error) {
      if (hasCode(error, "ENOENT", "ENOTDIR", "ELOOP")) return null;
      throw error;
    }
  };
}

/**
 * Walks a path as the kernel does (path_resolution(7)), through links, and answers the first thing on it that a user may
 * not pass, or not execute at its end. Null when there is none; also for root, which capabilities let pass, and where the
 * path leads to nothing. Access control lists (acl(5)) are not read: their mask stands in the group's bits.
 */
export async function findBarrier(look: Look, path: string, user: User): Promise<Barrier | null> {
  if (user.uid === 0) return null;
  const rest = path.split("/");
  let at = "/";
  for (let links = 0; rest.length > 0; ) {
    const name = rest.shift() ?? "";
    if (name === "" || name === ".") continue;
    const folder = await look(at);
    if (folder?.type !== "directory") return null;
    if (!mayExecute(folder, user)) return { path: at, type: "directory", mode: folder.mode };
    if (name === "..") {
      at = dirname(at);
      continue;
    }
    const entry = await look(join(at, name));
    if (entry?.type !== "symlink") {
      at = join(at, name);
      continue;
    }
    links += 1;
    if (links > maxLinks || !entry.target) return null;
    rest.unshift(...entry.target.split("/"));
    if (entry.target.startsWith("/")) at = "/";
  }
  const file = await look(at);
  return file?.type === "file" && !mayExecute(file, user) ? { path: at, type: "file", mode: file.mode } : null;
}

/** Of owner, group and others the first that a user is decides alone: generic_permission() in fs/namei.c. */
function mayExecute({ mode, uid, gid }: Looked, user: User): boolean {
  if (uid === user.uid) return (mode & 0o100) !== 0;
  const isOfGroup = gid === user.gid || user.additionalGids.includes(gid);
  return (mode & (isOfGroup ? 0o010 : 0o001)) !== 0;
}
