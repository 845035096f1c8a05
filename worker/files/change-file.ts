import { close } from "node:fs";
import { rmdir, unlink } from "node:fs/promises";
import type { FileChange, FileEntry } from "../../lib/contract/file.ts";
import { fail } from "../../lib/contract/problem.ts";
import type { Entry } from "../../native/addon/index.d.ts";
import type { Context } from "../context.ts";
import { type ContainerFiles, containerRoot } from "./container-files.ts";
import { withRoot } from "./container-root.ts";
import { onPath } from "./file-problem.ts";
import { lookUp, lookUpToChange, openPlace, type Place, pathOf, toFileEntry } from "./places.ts";

/** Makes a directory (mode 0755, root's), or moves what is there to a name that is free; answers what then is there. */
export function changeFile(context: Context, id: string, change: FileChange): Promise<FileEntry> {
  return withRoot(context, id, "write", (root, files) =>
    atPlace(files, root, change.path, async (place) => {
      if (change.action === "move") return move(files, root, place, change.to);
      close(await files.makeDirectory(place, 0o755, containerRoot));
      return show(files, place, change.path);
    }),
  );
}

async function move(files: ContainerFiles, root: number, from: Place, to: string): Promise<FileEntry> {
  await requireEntry(files, from);
  return atPlace(files, root, to, async (place) => {
    await files.moveEntry(from, place, "refuse");
    return show(files, place, to);
  });
}

/** Deletes what a path names, never what a link at its end leads to. */
export function deleteFile(context: Context, id: string, path: string, recursive: boolean): Promise<void> {
  return withRoot(context, id, "write", (root, files) =>
    atPlace(files, root, path, async (place) => {
      const entry = await requireEntry(files, place);
      if (entry.type !== "directory") await unlink(pathOf(place));
      else if (recursive) await files.removeEntry(place.directory.fd, place.name);
      else await rmdir(pathOf(place));
    }),
  );
}

function atPlace<T>(files: ContainerFiles, root: number, path: string, work: (place: Place) => Promise<T>): Promise<T> {
  const run = async () => {
    const place = await openPlace(files, root, path);
    try {
      return await work(place);
    } finally {
      close(place.directory.fd);
    }
  };
  return onPath(path, run());
}

async function requireEntry(files: ContainerFiles, place: Place): Promise<Entry> {
  const entry = await lookUpToChange(files, place);
  if (entry) return entry;
  throw Object.assign(new Error("nothing has this name"), { code: "ENOENT" });
}

async function show(files: ContainerFiles, place: Place, path: string): Promise<FileEntry> {
  const entry = await lookUp(files, place);
  if (entry) return toFileEntry(entry, path);
  throw fail("changed-meanwhile", "It was changed meanwhile", `${JSON.stringify(path)} was removed by someone else.`);
}
