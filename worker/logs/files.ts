import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { hasCode } from "../state/files.ts";
import { type LogChunk, type LogSize, parseRecords, scanRecords } from "./records.ts";

/** Newest first; the shim renames each to the next one's name when output.log is full, and the last one goes. */
const names = ["output.log", "output.log.1", "output.log.2", "output.log.3"];
/** How much is read at a time, in bytes. */
const blockSize = 128 * 1024;

/** A place in a log file: a position in bytes, and the output's offset there (0 when no record was read before). */
export interface Place {
  position: number;
  end: number;
}

/** A log file that is being read. Open, it keeps its content and its identity whatever it is renamed to. */
export interface LogFile extends Place {
  handle: FileHandle;
  /** Device, inode number and time of birth: an inode number alone is given to another file later. */
  identity: string;
}

/**
 * Opens a container's log files, oldest first; with `known`, only those that are newer. Opening goes from the newest to
 * the oldest, so that a rotation in between shows a file twice, and once is left out, but never hides one.
 */
export async function openLogFiles(folder: string, known: LogFile | null = null): Promise<LogFile[]> {
  const files: LogFile[] = [];
  for (const name of names) {
    const file = await openLogFile(join(folder, name));
    if (!file) continue;
    if (file.identity !== known?.identity && files.every(({ identity }) => identity !== file.identity)) {
      files.unshift(file);
      continue;
    }
    await file.handle.close();
    if (file.identity === known?.identity) break;
  }
  return files;
}

async function openLogFile(path: string): Promise<LogFile | null> {
  try {
    const handle = await open(path, "r");
    const { dev, ino, birthtimeNs } = await handle.stat({ bigint: true });
    return { handle, identity: `${dev} ${ino} ${birthtimeNs}`, position: 0, end: 0 };
  } catch (error) {
    if (hasCode(error, "ENOENT")) return null;
    throw error;
  }
}

export async function closeLogFiles(files: readonly LogFile[]): Promise<void> {
  await Promise.all(files.map(({ handle }) => handle.close()));
}

/** Reads a file's records from its place on, a block at a time, as long as there are whole ones, and moves the place. */
export async function* readRecords(file: LogFile): AsyncGenerator<LogChunk[]> {
  for (;;) {
    const block = await readBlock(file, file);
    if (!block) return;
    file.position = block.position;
    file.end = block.end;
    yield block.chunks;
  }
}

/**
 * The records that begin in the block at a place, and the place behind them; null when there is no whole one.
 * A record longer than a block comes by itself.
 */
export async function readBlock(
  { handle }: Pick<LogFile, "handle">,
  place: Place,
): Promise<(Place & { chunks: LogChunk[]; sizes: LogSize[] }) | null> {
  const found = await readWhole(handle, place.position, blockSize, (block) => parseRecords(block, place.end));
  if (!found) return null;
  const { chunks, sizes, used } = found;
  const last = chunks.at(-1);
  return { chunks, sizes, position: place.position + used, end: last ? last.offset + last.bytes.length : place.end };
}

/** The place behind the records that begin in the next `bytes`, and the latest of their times; null when there is none. */
export async function scanBlock(
  { handle }: Pick<LogFile, "handle">,
  from: Place & { latest: bigint },
  bytes: number,
): Promise<(Place & { latest: bigint }) | null> {
  const found = await readWhole(handle, from.position, bytes, (block) => scanRecords(block, from.end, from.latest));
  return found && { position: from.position + found.used, end: found.end, latest: found.latest };
}

/** Looks at so many bytes from a position on, or at as many as the first record has; null when no whole one is there. */
async function readWhole<F extends { used: number; wanted: number }>(
  handle: FileHandle,
  position: number,
  bytes: number,
  find: (block: Buffer) => F,
): Promise<F | null> {
  let size = bytes;
  for (;;) {
    const buffer = Buffer.allocUnsafe(size);
    const { bytesRead } = await handle.read(buffer, 0, size, position);
    const found = find(buffer.subarray(0, bytesRead));
    if (found.used > 0) return found;
    if (bytesRead < size || found.wanted <= size) return null;
    size = found.wanted;
  }
}

/** The records between two places of a file's index. */
export async function parseSegment({ handle }: Pick<LogFile, "handle">, from: Place, to: Place): Promise<LogChunk[]> {
  const buffer = Buffer.allocUnsafe(to.position - from.position);
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, from.position);
  return parseRecords(buffer.subarray(0, bytesRead), from.end).chunks;
}
