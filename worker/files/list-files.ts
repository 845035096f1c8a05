import { close } from "node:fs";
import type { FileListing } from "../../lib/contract/file.ts";
import type { Entry, OpenEntry } from "../../native/addon/index.d.ts";
import type { Context } from "../context.ts";
import { hasCode } from "../state/files.ts";
import type { ContainerRecord } from "../state/record.ts";
import type { ContainerFiles } from "./container-files.ts";
import { firstProcess, withRoot } from "./container-root.ts";
import { onPath } from "./file-problem.ts";
import { toFileEntry } from "./places.ts";

const maxEntries = 10_000;

/** What a path in a container names and, when that is a directory, what is in it. Links are followed, inside alone. */
export function listFiles(context: Context, record: ContainerRecord, path: string): Promise<FileListing> {
  // Layers of a stopped container are looked at read-only; whether they could be written to its settings say.
  const writable = (open: OpenEntry) =>
    !open.kernel && (firstProcess(context, record) ? !open.readOnly : !record.spec.readOnly);
  const list = withRoot(context, record.id, "read", async (root, files) => {
    const open = await openLeniently(files, root, path);
    try {
      const found =
        open.type === "directory" ? await files.listDirectory(open.fd, maxEntries) : { entries: [], truncated: false };
      return {
        entry: toFileEntry({ ...open, name: lastName(path) }, path),
        entries: found.entries.sort(directoriesFirst).map((entry) => toFileEntry(entry, join(path, entry.name))),
        truncated: found.truncated,
        writable: writable(open),
      };
    } finally {
      close(open.fd);
    }
  });
  return onPath(path, list);
}

/** A link that leads to nothing is shown itself. */
async function openLeniently(files: ContainerFiles, root: number, path: string): Promise<OpenEntry> {
  try {
    return await files.openEntry(root, path, true);
  } catch (error) {
    if (!hasCode(error, "ENOENT") && !hasCode(error, "ELOOP")) throw error;
    return files.openEntry(root, path, false).catch(() => {
      throw error;
    });
  }
}

function lastName(path: string): string {
  return path.replace(/\/+$/, "").split("/").pop() || "/";
}

function join(directory: string, name: string): string {
  return directory.endsWith("/") ? directory + name : `${directory}/${name}`;
}

function directoriesFirst(a: Entry, b: Entry): number {
  const rank = (entry: Entry) => (entry.type === "directory" ? 0 : 1);
  return rank(a) - rank(b) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}
