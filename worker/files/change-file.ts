import { close } from "node:fs";
import { mkdir, rmdir, unlink } from "node:fs/promises";
import type { FileChange, FileEntry } from "../../lib/contract/file.ts";
import { fail } from "../../lib/contract/problem.ts";
import type { Entry } from "../../native/addon/index.d.ts";
import type { Addon } from "../addon/addon.ts";
import type { Context } from "../context.ts";
import { withRoot } from "./container-root.ts";
import { onPath } from "./file-problem.ts";
import { lookUp, lookUpToChange, openPlace, type Place, pathOf, toFileEntry } from "./places.ts";

/** Makes a directory (mode 0755, root's), or moves what is there to a name that is free; answers what then is there. */
export function changeFile(context: Context, id: string, change: FileChange): Promise<FileEntry> {
  const { addon } = context;
  return withRoot(context, id, "write", (root) =>
    atPlace(addon, root, change.path, async (place) => {
      if (change.action === "move") return move(addon, root, place, change.to);
      await mkdir(pathOf(place), 0o755);
      return show(addon, place, change.path);
    }),
  );
}

async function move(addon: Addon, root: number, from: Place, to: string): Promise<FileEntry> {
  await requireEntry(addon, from);
  return atPlace(addon, root, to, async (place) => {
    await addon.moveEntry(from.directory.fd, from.name, place.directory.fd, place.name);
    return show(addon, place, to);
  });
}

/** Deletes what a path names, never what a link at its end leads to. */
export function deleteFile(context: Context, id: string, path: string, recursive: boolean): Promise<void> {
  const { addon } = context;
  return withRoot(context, id, "write", (root) =>
    atPlace(addon, root, path, async (place) => {
      const entry = await requireEntry(addon, place);
      if (entry.type !== "directory") await unlink(pathOf(place));
      else if (recursive) await addon.removeEntry(place.directory.fd, place.name);
      else await rmdir(pathOf(place));
    }),
  );
}

function atPlace<T>(addon: Addon, root: number, path: string, work: (place: Place) => Promise<T>): Promise<T> {
  const run = async () => {
    const place = await openPlace(addon, root, path);
    try {
      return await work(place);
    } finally {
      close(place.directory.fd);
    }
  };
  return onPath(path, run());
}

async function requireEntry(addon: Addon, place: Place): Promise<Entry> {
  const entry = await lookUpToChange(addon, place);
  if (entry) return entry;
  throw Object.assign(new Error("nothing has this name"), { code: "ENOENT" });
}

async function show(addon: Addon, place: Place, path: string): Promise<FileEntry> {
  const entry = await lookUp(addon, place);
  if (entry) return toFileEntry(entry, path);
  throw fail("changed-meanwhile", "It was changed meanwhile", `${JSON.stringify(path)} was removed by someone else.`);
}
