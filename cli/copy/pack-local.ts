import { createReadStream, type Stats } from "node:fs";
import { lstat, readdir, readlink, stat } from "node:fs/promises";
import { join } from "node:path";
import { pack as createPack, type Header, type Pack } from "tar-stream";
import { type ArchiveSink, writeTo } from "./archive-sink.ts";

type EntryHeader = Partial<Header> & Pick<Header, "name">;

export interface PackOptions {
  /** Take what a symbolic link leads to instead of the link. */
  followLinks: boolean;
  /** Keep owner and group; else everything is root's, as the destination's files are. */
  keepOwners: boolean;
  /** Told of what is left out: sockets, pipes and devices. */
  onSkipped(path: string): void;
}

/** A file or directory of this machine as a tar archive, called `name` in it; "" for what is in a directory alone. */
export function packLocal(path: string, name: string, options: PackOptions): AsyncIterable<Uint8Array> {
  const pack = createPack();
  add(pack, path, name, options).then(
    () => pack.finalize(),
    (error) => pack.destroy(error),
  );
  return pack as AsyncIterable<Uint8Array>;
}

async function add(pack: Pack, path: string, name: string, options: PackOptions): Promise<void> {
  const about = await (options.followLinks ? stat : lstat)(path);
  const header = headerOf(about, name, options);
  if (about.isDirectory()) {
    if (name !== "") await addHeader(pack, { ...header, name: `${name}/`, type: "directory" });
    for (const child of (await readdir(path)).sort()) await add(pack, join(path, child), join(name, child), options);
  } else if (about.isSymbolicLink()) {
    await addHeader(pack, { ...header, type: "symlink", linkname: await readlink(path) });
  } else if (about.isFile()) await addFile(pack, path, { ...header, type: "file", size: about.size });
  else options.onSkipped(path);
}

function headerOf(about: Stats, name: string, { keepOwners }: PackOptions): EntryHeader {
  const { mode, mtime, uid, gid } = about;
  return { name, mode: mode & 0o7777, mtime, uid: keepOwners ? uid : 0, gid: keepOwners ? gid : 0 };
}

function addHeader(pack: Pack, header: EntryHeader): Promise<void> {
  return new Promise((resolve, reject) => {
    pack.entry(header, (error) => (error ? reject(error) : resolve()));
  });
}

/** A file that grows meanwhile is taken as long as it was; one that shrinks is an error. */
async function addFile(pack: Pack, path: string, header: EntryHeader): Promise<void> {
  const { size = 0 } = header;
  const added = new Promise<void>((resolve, reject) => {
    const sink = pack.entry(header, (error) => (error ? reject(error) : resolve()));
    fill(sink as unknown as ArchiveSink, size === 0 ? [] : createReadStream(path, { end: size - 1 })).catch(reject);
  });
  await added;
}

async function fill(sink: ArchiveSink, content: AsyncIterable<Uint8Array> | Uint8Array[]): Promise<void> {
  for await (const piece of content) await writeTo(sink, piece);
  sink.end();
}
