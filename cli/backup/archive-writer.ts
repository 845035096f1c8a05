import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { access, type FileHandle, open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { CliError } from "../errors.ts";
import { identify, isAlive } from "../supervisor/process-identity.ts";
import type { Manifest } from "./manifest.ts";
import { blockSize, encodeHeader } from "./tar-header.ts";

/** A backup that is being written, beside its name, readable by root alone. */
export interface ArchiveWriter {
  /** Adds a member; its size and digest are known when its last byte is there. */
  add(name: string, content: AsyncIterable<Uint8Array>): Promise<void>;
  members(): Manifest["members"];
  /** Adds what ends the archive, puts all on the disk, and gives the file its name. Answers its size in bytes. */
  finish(lastName: string, lastContent: string): Promise<number>;
  /** Removes what was written; after `finish` nothing. */
  discard(): Promise<void>;
}

/** Begins a backup named `path`. Throws a CliError when there is such a file, or it can't be written. */
export async function createArchive(path: string, signal: AbortSignal): Promise<ArchiveWriter> {
  const target = resolve(path);
  await refuseExisting(target);
  await removeLeft(target);
  const partial = partialName(target);
  const file = await openNew(partial);
  const members: Manifest["members"] = [];
  const begun = new Date();
  let position = 0;
  let isOpen = true;

  /** The header is written when the size is known; until then its place is empty. */
  const add = async (name: string, content: AsyncIterable<Uint8Array>): Promise<Manifest["members"][number]> => {
    const start = position;
    const hash = createHash("sha256");
    let size = 0;
    for await (const piece of content) {
      signal.throwIfAborted();
      await writeAll(file, piece, start + blockSize + size);
      hash.update(piece);
      size += piece.length;
    }
    await writeAll(file, encodeHeader({ name, size }, begun), start);
    position = start + blockSize + Math.ceil(size / blockSize) * blockSize;
    return { name, size, sha256: hash.digest("hex") };
  };

  return {
    members: () => members,
    async add(name, content) {
      members.push(await add(name, content));
    },
    async finish(lastName, lastContent) {
      await add(lastName, pieces(lastContent));
      // Two blocks of zeros end it; what was left out before them is zeros, too.
      await file.truncate(position + 2 * blockSize);
      await file.sync();
      await file.close();
      isOpen = false;
      await refuseExisting(target);
      await rename(partial, target);
      await syncFolder(dirname(target));
      return position + 2 * blockSize;
    },
    async discard() {
      if (isOpen) await file.close();
      isOpen = false;
      await rm(partial, { force: true });
    },
  };
}

async function* pieces(text: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(text);
}

async function refuseExisting(target: string): Promise<void> {
  const exists = await access(target).then(
    () => true,
    () => false,
  );
  if (exists) throw new CliError(`${target} is there already.`, { remedy: "Name another file, or remove that one." });
}

/** Says which process writes it, so that the next backup can tell what a killed one has left. */
function partialName(target: string): string {
  const self = identify(process.pid);
  return `${target}.${process.pid}-${self?.startTime}.partial`;
}

async function removeLeft(target: string): Promise<void> {
  const folder = dirname(target);
  for (const name of await readdir(folder).catch(() => [])) {
    const [, pid, startTime = ""] = name.startsWith(`${basename(target)}.`)
      ? (/\.(\d+)-(\d+)\.partial$/.exec(name) ?? [])
      : [];
    if (pid && !isAlive({ pid: Number(pid), startTime })) await rm(join(folder, name), { force: true });
  }
}

async function openNew(path: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CliError(`The backup can't be written: ${why}.`, { remedy: "Name a file in a folder that exists." });
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
