import { type LogFile, type Place, scanBlock } from "./files.ts";

/** About every so many bytes of a file the index has an entry. */
const spacing = 256 * 1024;
/** Indexes that are kept, of the files that were read last; each has some 64 entries. */
const keptIndexes = 512;

/** Where a record begins, the output's offset there, and the latest time of all records before it in its file. */
export interface IndexEntry extends Place {
  latest: bigint;
}

/** A sparse index of a log file as far as it was written: `end` is the place behind its last whole record. */
export interface FileIndex {
  entries: IndexEntry[];
  end: IndexEntry;
}

const indexes = new Map<string, Promise<FileIndex>>();

/**
 * A file's index up to what is written now. Built with the first question, a block at a time, and carried on with each
 * later one: files only grow, and a torn record at the end, which is cut off before the next is written, is not in it.
 */
export function indexOfFile(file: LogFile): Promise<FileIndex> {
  const before = indexes.get(file.identity) ?? Promise.resolve(emptyIndex());
  const index = before.catch(emptyIndex).then((known) => extend(file, known));
  indexes.delete(file.identity);
  indexes.set(file.identity, index);
  for (const identity of indexes.keys()) {
    if (indexes.size <= keptIndexes) break;
    indexes.delete(identity);
  }
  index.catch(() => indexes.delete(file.identity));
  return index;
}

const emptyIndex = (): FileIndex => ({ entries: [], end: { position: 0, end: 0, latest: 0n } });

async function extend(file: LogFile, { entries, end }: FileIndex): Promise<FileIndex> {
  const grown = [...entries];
  let at = end;
  for (;;) {
    const next = await scanBlock(file, at, spacing);
    if (!next) return { entries: grown, end: at };
    const last = grown.at(-1);
    if (!last || at.position - last.position >= spacing / 2) grown.push(at);
    at = next;
  }
}

/** The last entry at or before an offset; the file's begin when there is none. */
export function placeOfOffset(index: FileIndex, offset: number): Place {
  return lastWhere(index, (entry) => entry.end <= offset);
}

/** The last entry before which everything is older than a time. */
export function placeOfTime(index: FileIndex, time: bigint): Place {
  return lastWhere(index, (entry) => entry.latest < time);
}

/** The last entry for which a condition holds that holds for all before it. */
function lastWhere({ entries }: FileIndex, holds: (entry: IndexEntry) => boolean): Place {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const entry = entries[middle];
    if (entry && holds(entry)) low = middle + 1;
    else high = middle;
  }
  return entries[low - 1] ?? { position: 0, end: 0 };
}
