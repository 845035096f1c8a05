import { api, problemFrom } from "../api.ts";
import { joinPath } from "./paths.ts";

/** Files that were dropped, and the directories that they need, each by its path in the container, parents first. */
export interface Dropped {
  directories: string[];
  files: { path: string; file: File }[];
}

const most = 5_000;

/** What was dropped on a directory: files, and directories with all that is in them, at most 5,000 of both. */
export async function readDropped(transfer: DataTransfer, directory: string): Promise<Dropped> {
  // The list is emptied once the event is over: take the entries out first.
  const entries = Array.from(transfer.items).flatMap((item) => item.webkitGetAsEntry() ?? []);
  const dropped: Dropped = { directories: [], files: [] };
  for (const entry of entries) await readEntry(entry, directory, dropped);
  return dropped;
}

async function readEntry(entry: FileSystemEntry, directory: string, into: Dropped): Promise<void> {
  if (into.files.length + into.directories.length >= most) return;
  const path = joinPath(directory, entry.name);
  if (isFile(entry)) {
    into.files.push({ path, file: await new Promise<File>((resolve, reject) => entry.file(resolve, reject)) });
  } else if (isDirectory(entry)) {
    into.directories.push(path);
    for (const child of await readAll(entry.createReader())) await readEntry(child, path, into);
  }
}

/** A reader gives entries in batches, and an empty one at the end. */
async function readAll(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  const all: FileSystemEntry[] = [];
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (batch.length === 0) return all;
    all.push(...batch);
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isDirectory(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

/** Makes directories that are not there yet. Throws the first other problem. */
export async function makeDirectories(id: string, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    try {
      await api.call("changeFile", { params: { name: id }, body: { action: "make-directory", path } });
    } catch (error) {
      if (problemFrom(error).code !== "file-exists") throw error;
    }
  }
}
