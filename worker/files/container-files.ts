import { close } from "node:fs";
import { constants, type FileHandle, open } from "node:fs/promises";
import type { IdRange } from "../../lib/contract/container.ts";
import type { Entry } from "../../native/addon/index.d.ts";
import type { Addon } from "../addon/addon.ts";
import { toContainerId, toHostId } from "../engine/container-ids.ts";
import { descriptorPath, type Place } from "./places.ts";

type Looks = Pick<Addon, "openEntry" | "listDirectory" | "removeEntry">;

/** Who owns a file, as its container counts. */
export interface Owner {
  uid: number;
  gid: number;
}

export const containerRoot: Owner = { uid: 0, gid: 0 };

/**
 * The addon's calls on a container's files with owners as the container counts them: its root has uid 0, whoever that
 * is on the host. What is made belongs to its owner from the start.
 */
export interface ContainerFiles extends Looks {
  /** Resolves with a descriptor that can be read. EEXIST when something has the name. */
  makeDirectory(place: Place, mode: number, owner: Owner): Promise<number>;
  makeSymlink(place: Place, target: string, owner: Owner): Promise<void>;
  /** Resolves with a descriptor that can be written to. */
  makeEmptyFile(place: Place, mode: number, owner: Owner): Promise<number>;
  /** EEXIST when something has the new name, unless that is to be replaced. */
  moveEntry(from: Place, to: Place, taken: "refuse" | "replace"): Promise<void>;
  linkEntry(from: Place, to: Place): Promise<void>;
}

export function containerFiles(addon: Addon, ids: IdRange | null): ContainerFiles {
  const inside = <T extends Entry>(entry: T): T =>
    ids ? { ...entry, uid: toContainerId(ids, entry.uid), gid: toContainerId(ids, entry.gid) } : entry;
  const onHost = ({ uid, gid }: Owner) => ({ uid: toHostId(ids, uid), gid: toHostId(ids, gid) });
  const make = (place: Place, entry: { type: "file" | "directory"; mode: number }, owner: Owner) =>
    addon.makeEntry(place.directory.fd, place.name, { ...entry, ...onHost(owner) });
  return {
    openEntry: async (root, path, followLast) => inside(await addon.openEntry(root, path, followLast)),
    async listDirectory(directory, limit) {
      const found = await addon.listDirectory(directory, limit);
      return { ...found, entries: found.entries.map(inside) };
    },
    removeEntry: addon.removeEntry,
    makeDirectory: (place, mode, owner) => make(place, { type: "directory", mode }, owner),
    makeEmptyFile: (place, mode, owner) => make(place, { type: "file", mode }, owner),
    async makeSymlink(place, target, owner) {
      await addon.makeEntry(place.directory.fd, place.name, { type: "symlink", target, ...onHost(owner) });
    },
    moveEntry: (from, to, taken) => addon.moveEntry(...names(from, to), onHost(containerRoot), taken === "replace"),
    linkEntry: (from, to) => addon.linkEntry(...names(from, to), onHost(containerRoot)),
  };
}

function names(from: Place, to: Place): [number, string, number, string] {
  return [from.directory.fd, from.name, to.directory.fd, to.name];
}

/** Makes a file and opens it for writing. */
export async function makeFile(
  files: ContainerFiles,
  place: Place,
  given: Owner & { mode: number },
): Promise<FileHandle> {
  const made = await files.makeEmptyFile(place, given.mode, given);
  try {
    return await open(descriptorPath(made), constants.O_WRONLY);
  } finally {
    close(made);
  }
}
