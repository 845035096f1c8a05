import { close } from "node:fs";
import { constants, type FileHandle, open } from "node:fs/promises";
import type { OpenEntry } from "../../native/addon/index.d.ts";
import type { Addon } from "../addon/addon.ts";
import { wrongType } from "./file-problem.ts";
import { descriptorPath } from "./places.ts";

/** A regular file that is open for reading; the caller closes its handle. */
export interface ReadableFile {
  entry: OpenEntry;
  file: FileHandle;
}

const chunkBytes = 256 * 1024;

/**
 * Opens a regular file by its path; links are followed, inside the root alone. Devices, pipes and the kernel's own
 * files are never opened: opening alone has effects, and they have no end.
 */
export async function openFile(
  addon: Pick<Addon, "openEntry">,
  root: number,
  path: string,
  followLast = true,
): Promise<ReadableFile> {
  const entry = await addon.openEntry(root, path, followLast);
  try {
    return { entry, file: await openFound(entry, path) };
  } finally {
    close(entry.fd);
  }
}

/** The same of a file that was found already: its descriptor is opened anew, no name is looked up. */
export async function openFound(entry: OpenEntry, path: string): Promise<FileHandle> {
  if (entry.type !== "file") throw wrongType(path, `a ${entry.type}`);
  if (entry.kernel) throw wrongType(path, "the kernel's own", "Read it with a shell in the container.");
  return open(descriptorPath(entry.fd), constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
}

/** The first `size` bytes of a file, piece by piece; fewer where it was cut short meanwhile. */
export async function* readBytes(file: FileHandle, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < size; ) {
    const piece = Buffer.allocUnsafe(Math.min(chunkBytes, size - at));
    const { bytesRead } = await file.read(piece, 0, piece.length, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield piece.subarray(0, bytesRead);
  }
}
