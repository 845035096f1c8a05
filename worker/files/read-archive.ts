import { close } from "node:fs";
import { constants, open } from "node:fs/promises";
import { pack as createPack, type Header, type Pack } from "tar-stream";
import { fail } from "../../lib/contract/problem.ts";
import type { Entry, OpenEntry } from "../../native/addon/index.d.ts";
import type { Addon } from "../addon/addon.ts";
import { type ArchiveStream, writeTo } from "./archive-stream.ts";
import { descriptorPath } from "./places.ts";
import { openFile, openFound, type ReadableFile, readBytes } from "./read-file.ts";

const maxEntries = 1_000_000;
/** Listed at once: so many are a few milliseconds' work. */
const listedAtOnce = 500;
/** What may wait for a slow reader; of a file's content tar-stream itself takes no more than is read. */
const maxWaitingBytes = 1024 * 1024;

const zeros = Buffer.alloc(65_536);

type EntryHeader = Partial<Header> & Pick<Header, "name">;

type Looks = Pick<Addon, "openEntry" | "listDirectory">;

interface Walk {
  files: Looks;
  /** What the archive is made of; everything in it is opened beneath this descriptor. */
  top: OpenEntry;
  pack: Pack;
  entries: number;
  /** Waits while the reader is slow: an entry without content goes into the archive whatever waits there. */
  admit: () => Promise<void>;
  /** Name in the archive of the first link to a file with several, by inode. */
  linked: Map<string, string>;
}

/**
 * A file, or a directory with all below it, as a tar archive (POSIX 1003.1-2001): owners, permissions, times, symbolic
 * and hard links as they are. Devices, pipes and sockets are left out, and so is what the kernel shows in /proc or /sys.
 * Names begin with `name`; an empty one stands for the root directory.
 */
export async function* packArchive(files: Looks, top: OpenEntry, name: string): AsyncGenerator<Buffer> {
  const pack = createPack();
  const { admit, taken } = limitWaiting(pack);
  walkTree({ files, top, pack, entries: 0, admit, linked: new Map() }, name).then(
    () => pack.finalize(),
    (error) => pack.destroy(error),
  );
  try {
    for await (const piece of pack as AsyncIterable<Buffer>) {
      yield piece;
      taken(piece.length);
    }
  } finally {
    pack.destroy();
    taken(Number.POSITIVE_INFINITY);
  }
}

function limitWaiting(pack: Pack): { admit: () => Promise<void>; taken: (bytes: number) => void } {
  let waiting = 0;
  let wake = () => {};
  const push = pack.push.bind(pack);
  pack.push = (piece: Buffer | null) => {
    waiting += piece?.length ?? 0;
    return push(piece);
  };
  return {
    async admit() {
      while (waiting > maxWaitingBytes) await new Promise<void>((resolve) => (wake = resolve));
    },
    taken(bytes) {
      waiting -= bytes;
      wake();
    },
  };
}

async function walkTree(walk: Walk, name: string): Promise<void> {
  const { files, top, pack } = walk;
  if (name !== "") await addEntry(walk, top, "", name);
  if (top.type !== "directory" || top.kernel) return;
  const waiting = [""];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    for await (const entry of listBelow(files, top, path)) {
      await walk.admit();
      if (pack.destroyed) return;
      const relative = path === "" ? entry.name : `${path}/${entry.name}`;
      await addEntry(walk, entry, relative, name === "" ? relative : `${name}/${relative}`);
      if (entry.type === "directory") waiting.push(relative);
    }
  }
}

/** Nothing for a directory that is gone or has become something else meanwhile, and for a view of the kernel. */
async function* listBelow(files: Looks, top: OpenEntry, path: string): AsyncGenerator<Entry> {
  const directory = await openBelow(files, top, path);
  if (!directory) return;
  try {
    if (directory.type !== "directory" || directory.kernel) return;
    const readable = await open(descriptorPath(directory.fd), constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      for (let more = true; more; ) {
        const { entries, truncated } = await files.listDirectory(readable.fd, listedAtOnce);
        yield* entries;
        more = truncated;
      }
    } finally {
      await readable.close();
    }
  } finally {
    close(directory.fd);
  }
}

function openBelow(files: Looks, top: OpenEntry, path: string): Promise<OpenEntry | null> {
  return files.openEntry(top.fd, path === "" ? "." : path, false).catch(() => null);
}

async function addEntry(walk: Walk, entry: Entry, relative: string, name: string): Promise<void> {
  walk.entries += 1;
  if (walk.entries > maxEntries) {
    throw fail("invalid-archive", "There is too much in it", `More than ${maxEntries} entries do not go into one.`);
  }
  const { mode, uid, gid } = entry;
  const common = { mode, uid, gid, mtime: new Date(entry.modifiedMs) };
  if (entry.type === "directory") return addHeader(walk, { ...common, name: `${name}/`, type: "directory" });
  if (entry.type === "symlink")
    return addHeader(walk, { ...common, name, type: "symlink", linkname: entry.target ?? "" });
  if (entry.type !== "file") return;
  const first = walk.linked.get(entry.inode);
  if (first !== undefined) return addHeader(walk, { ...common, name, type: "link", linkname: first });
  if (entry.links > 1) walk.linked.set(entry.inode, name);
  await addFile(walk, { ...common, name, type: "file" }, relative);
}

function addHeader({ pack }: Walk, header: EntryHeader): Promise<void> {
  return new Promise((resolve, reject) => {
    pack.entry({ ...header, size: 0 }, (error) => (error ? reject(error) : resolve()));
  });
}

/** A file that shrinks while it is read is filled up with zeros, as tar does; one that has gone is left out. */
async function addFile(walk: Walk, header: EntryHeader, relative: string): Promise<void> {
  const open = await openToRead(walk, relative);
  if (!open) return;
  const { entry, file } = open;
  const { pack } = walk;
  try {
    await new Promise<void>((resolve, reject) => {
      const sink = pack.entry({ ...header, size: entry.size }, (error) => (error ? reject(error) : resolve()));
      fill(sink, readBytes(file, entry.size), entry.size).catch(reject);
    });
  } finally {
    await file.close();
  }
}

/** Nothing lies below the descriptor of a file, not even "."; so the archive's own one is opened by its descriptor. */
async function openToRead({ files, top }: Walk, relative: string): Promise<ReadableFile | null> {
  if (relative === "") return { entry: top, file: await openFound(top, top.name) };
  return openFile(files, top.fd, relative, false).catch(() => null);
}

async function fill(sink: ArchiveStream, content: AsyncIterable<Uint8Array>, size: number): Promise<void> {
  let missing = size;
  for await (const piece of content) {
    missing -= piece.length;
    await writeTo(sink, piece);
  }
  for (; missing > 0; missing -= zeros.length) await writeTo(sink, zeros.subarray(0, missing));
  sink.end(null);
}
