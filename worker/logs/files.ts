import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { hasCode } from "../state/files.ts";
import { type LogChunk, parseRecords } from "./records.ts";

/** Newest first; the shim renames each to the next one's name when output.log is full, and the last one goes. */
const names = ["output.log", "output.log.1", "output.log.2", "output.log.3"];
/** How much is read at a time, in bytes. */
const blockSize = 64 * 1024;

/** A log file that is being read. Open, it keeps its content and its inode number whatever it is renamed to. */
export interface LogFile {
  handle: FileHandle;
  inode: bigint;
  /** Where to read on. */
  position: number;
  /** The output's offset at that position, 0 when no record was read. */
  end: number;
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
    if (file.inode !== known?.inode && files.every(({ inode }) => inode !== file.inode)) {
      files.unshift(file);
      continue;
    }
    await file.handle.close();
    if (file.inode === known?.inode) break;
  }
  return files;
}

async function openLogFile(path: string): Promise<LogFile | null> {
  try {
    const handle = await open(path, "r");
    const { ino } = await handle.stat({ bigint: true });
    return { handle, inode: ino, position: 0, end: 0 };
  } catch (error) {
    if (hasCode(error, "ENOENT")) return null;
    throw error;
  }
}

export async function closeLogFiles(files: readonly LogFile[]): Promise<void> {
  await Promise.all(files.map(({ handle }) => handle.close()));
}

/** Reads a file's records from its position on, as long as there are whole ones, and moves the position behind them. */
export async function* readRecords(file: LogFile): AsyncGenerator<LogChunk> {
  for (;;) {
    const { chunks, used } = await readBlock(file);
    if (used === 0) return;
    file.position += used;
    for (const chunk of chunks) {
      file.end = chunk.offset + chunk.bytes.length;
      yield chunk;
    }
  }
}

/** The records that begin in the next block; a record longer than a block comes by itself. */
async function readBlock(file: LogFile) {
  let size = blockSize;
  for (;;) {
    const buffer = Buffer.allocUnsafe(size);
    const { bytesRead } = await file.handle.read(buffer, 0, size, file.position);
    const parsed = parseRecords(buffer.subarray(0, bytesRead), file.end);
    if (parsed.used > 0 || bytesRead < size || parsed.wanted <= size) return parsed;
    size = parsed.wanted;
  }
}

/** Lets the next reading begin at the file's start again. */
export function rewind(file: LogFile): void {
  file.position = 0;
  file.end = 0;
}
