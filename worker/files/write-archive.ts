import { randomUUID } from "node:crypto";
import { close } from "node:fs";
import { rm } from "node:fs/promises";
import { type Extract, extract, type Header } from "tar-stream";
import type { ArchiveResult } from "../../lib/contract/file.ts";
import { fail, ProblemError } from "../../lib/contract/problem.ts";
import type { Context } from "../context.ts";
import { hasCode } from "../state/files.ts";
import { writeTo } from "./archive-stream.ts";
import { type ContainerFiles, containerRoot, type Owner } from "./container-files.ts";
import { withRoot } from "./container-root.ts";
import { fileProblem, wrongType } from "./file-problem.ts";
import { lookUpToChange, openPlace, type Place, pathOf } from "./places.ts";
import { replaceFile } from "./write-file.ts";
import { whileAllowed } from "./writers.ts";

const maxEntries = 1_000_000;
const maxPathLength = 4095;

/** An entry while its content is being read; it must be read before the next one comes. */
interface ArchiveEntry extends AsyncIterable<unknown> {
  header: Header;
}

/** Where the archive is unpacked: every entry is resolved beneath the root anew, so that links lead nowhere else. */
interface Target {
  files: ContainerFiles;
  root: number;
  /** The directory's path in the container, without a slash at its end. */
  path: string;
}

/**
 * Unpacks a tar archive into a directory that is there: owners, permissions, times and links as the archive has them.
 * Files are put in place whole; what was unpacked before an error stays. Throws invalid-archive.
 */
export function writeArchive(
  context: Context,
  id: string,
  path: string,
  archive: AsyncIterable<Uint8Array>,
): Promise<ArchiveResult> {
  return withRoot(context, id, "write", async (root, files, signal) => {
    await requireDirectory(files, root, path);
    return unpack({ files, root, path: path.replace(/\/+$/, "") }, whileAllowed(archive, signal));
  });
}

async function requireDirectory(files: ContainerFiles, root: number, path: string): Promise<void> {
  const directory = await files.openEntry(root, path, true).catch((error) => {
    throw fileProblem(error, path);
  });
  close(directory.fd);
  if (directory.type !== "directory") throw wrongType(path, `a ${directory.type}`, "Name a directory to unpack into.");
  if (directory.kernel) throw wrongType(path, "a view of the kernel");
}

async function unpack(target: Target, archive: AsyncIterable<Uint8Array>): Promise<ArchiveResult> {
  const result: ArchiveResult = { entries: 0, bytes: 0 };
  const parser = extract();
  // What broke first: the streams of what was being read then only say that they were destroyed.
  let cause: unknown;
  const noteCause = (error: unknown) => {
    cause ??= error;
  };
  parser.on("error", noteCause);
  const feeding = feed(archive, parser).catch((error) => {
    noteCause(error);
    parser.destroy();
  });
  try {
    for await (const entry of parser) {
      result.entries += 1;
      if (result.entries > maxEntries) throw invalid(`it has more than ${maxEntries} entries`);
      result.bytes += await unpackEntry(target, entry).catch((error) => {
        noteCause(error);
        throw error;
      });
    }
    await feeding;
    if (cause) throw cause;
  } catch (error) {
    parser.destroy();
    throw meaningOf(cause ?? error);
  }
  return result;
}

/** What the parser says of an archive becomes a problem; problems and the system's errors stay what they are. */
function meaningOf(error: unknown): unknown {
  if (error instanceof ProblemError || (error instanceof Error && "errno" in error)) return error;
  return invalid(error instanceof Error ? error.message : String(error));
}

async function feed(archive: AsyncIterable<Uint8Array>, parser: Extract): Promise<void> {
  for await (const piece of archive) await writeTo(parser, piece);
  parser.end(null);
}

async function unpackEntry(target: Target, entry: ArchiveEntry): Promise<number> {
  const { header } = entry;
  const relative = checkedPath(header.name);
  const path = `${target.path}/${relative}`;
  if (relative === "") return skip(entry);
  try {
    return await atPlace(target, path, (place) => makeEntry(target, place, entry));
  } catch (error) {
    throw fileProblem(error, path);
  }
}

async function makeEntry(target: Target, place: Place, entry: ArchiveEntry): Promise<number> {
  const { header } = entry;
  const existing = await lookUpToChange(target.files, place);
  if (existing?.type === "directory" && header.type !== "directory") {
    throw wrongType(header.name, "a directory in the container already");
  }
  if (header.type === "file" || header.type === "contiguous-file") return unpackFile(target, place, entry);
  await skip(entry);
  if (header.type === "directory") await makeDirectory(target, place, header);
  else if (header.type === "symlink") await makeSymlink(target, place, header);
  else if (header.type === "link") await makeHardLink(target, place, header);
  else throw invalid(`${JSON.stringify(header.name)} is a ${header.type}: devices and pipes are not unpacked`);
  return 0;
}

async function unpackFile({ files }: Target, place: Place, entry: ArchiveEntry): Promise<number> {
  const { mode, mtime } = entry.header;
  const made = { ...ownerOf(entry.header), mode: mode & 0o7777 };
  return replaceFile(files, place, made, entry as AsyncIterable<Uint8Array>, { ...(mtime && { modifiedAt: mtime }) });
}

/** One that is there keeps its owner and permissions. */
async function makeDirectory({ files }: Target, place: Place, header: Header): Promise<void> {
  try {
    close(await files.makeDirectory(place, header.mode & 0o7777, ownerOf(header)));
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
    const there = await files.openEntry(place.directory.fd, place.name, false);
    close(there.fd);
    if (there.type !== "directory" && there.type !== "symlink") throw error;
  }
}

async function makeSymlink({ files }: Target, place: Place, header: Header): Promise<void> {
  const beside = { ...place, name: `.minirun-${randomUUID()}` };
  try {
    await files.makeSymlink(beside, header.linkname ?? "", ownerOf(header));
    await files.moveEntry(beside, place, "replace");
  } finally {
    await rm(pathOf(beside), { force: true });
  }
}

function ownerOf({ uid, gid }: Header): Owner {
  return { uid: uid ?? 0, gid: gid ?? 0 };
}

async function makeHardLink(target: Target, place: Place, { linkname }: Header): Promise<void> {
  const { files } = target;
  const beside = { ...place, name: `.minirun-${randomUUID()}` };
  try {
    await atPlace(target, `${target.path}/${checkedPath(linkname ?? "")}`, (first) => files.linkEntry(first, beside));
    await files.moveEntry(beside, place, "replace");
  } finally {
    await rm(pathOf(beside), { force: true });
  }
}

/** Opens the directory of a path; those that are missing on the way are made, as root's with mode 0755. */
async function atPlace<T>({ files, root }: Target, path: string, work: (place: Place) => Promise<T>): Promise<T> {
  const place = await openPlace(files, root, path).catch(async (error) => {
    if (!hasCode(error, "ENOENT")) throw error;
    await makeAbove(files, root, path);
    return openPlace(files, root, path);
  });
  try {
    return await work(place);
  } finally {
    close(place.directory.fd);
  }
}

async function makeAbove(files: ContainerFiles, root: number, path: string): Promise<void> {
  for (let slash = path.indexOf("/", 1); slash > 0; slash = path.indexOf("/", slash + 1)) {
    const place = await openPlace(files, root, path.slice(0, slash));
    await files
      .makeDirectory(place, 0o755, containerRoot)
      .then(close)
      .catch((error) => {
        if (!hasCode(error, "EEXIST")) throw error;
      })
      .finally(() => close(place.directory.fd));
  }
}

/** A name of the archive as a path without "." and without a slash in front. Throws for one that leads upwards. */
function checkedPath(name: string): string {
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) throw invalid(`${JSON.stringify(name)} leads out of the directory`);
  if (name.includes("\0") || name.length > maxPathLength) throw invalid(`${JSON.stringify(name)} is no path`);
  return parts.join("/");
}

/** Reads an entry's content past. */
async function skip(entry: ArchiveEntry): Promise<number> {
  for await (const _ of entry);
  return 0;
}

function invalid(why: string): ProblemError {
  return fail("invalid-archive", "The archive can't be unpacked", why, {
    remedy: "Send a tar archive of files, directories and links; leave devices out (tar --exclude=./dev).",
  });
}
