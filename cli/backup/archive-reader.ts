import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { CliError } from "../errors.ts";
import { backupFormat, Manifest, manifestName, memberName } from "./manifest.ts";
import { blockSize, decodeHeader, notOurs } from "./tar-header.ts";

/** No manifest is larger, in bytes. */
const largestManifest = 64 * 1024 * 1024;
const pieceSize = 1024 * 1024;

/** A backup whose form is right; its contents are checked as they are read. */
export interface ArchiveReader {
  manifest: Manifest;
  /** A member's bytes; rejects at the end with a CliError when their digest does not fit. */
  read(name: string): AsyncIterable<Uint8Array>;
  has(name: string): boolean;
  close(): Promise<void>;
}

interface Place {
  start: number;
  size: number;
}

/** Opens a backup and compares what it holds with its manifest. Throws a CliError for whatever does not fit. */
export async function openArchive(path: string): Promise<ArchiveReader> {
  const file = await openFile(path);
  try {
    const places = await findMembers(file);
    const manifest = await readManifest(file, places);
    const digests = new Map(manifest.members.map(({ name, sha256 }) => [name, sha256]));
    return {
      manifest,
      has: (name) => digests.has(name),
      read: (name) => readChecked(file, name, places.get(name), digests.get(name)),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function openFile(path: string): Promise<FileHandle> {
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw new CliError(`${path} can't be read: ${error instanceof Error ? error.message : error}.`);
  }
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw notOurs(`${path} is no regular file`);
}

/** The members lie one behind the other: their headers are read, their contents passed over. */
async function findMembers(file: FileHandle): Promise<Map<string, Place>> {
  const { size: end } = await file.stat();
  const places = new Map<string, Place>();
  for (let position = 0; ; ) {
    const member = decodeHeader(await readBlock(file, position));
    if (!member) return places;
    const start = position + blockSize;
    if (places.has(manifestName)) throw notOurs("something stands behind its manifest");
    if (member.name !== manifestName && !memberName.test(member.name)) {
      throw notOurs(`it holds ${JSON.stringify(member.name)}`);
    }
    if (places.has(member.name)) throw notOurs(`it holds ${member.name} twice`);
    if (start + member.size > end) throw notOurs(`${member.name} is cut off`);
    places.set(member.name, { start, size: member.size });
    position = start + Math.ceil(member.size / blockSize) * blockSize;
  }
}

async function readBlock(file: FileHandle, position: number): Promise<Buffer> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(blockSize), 0, blockSize, position);
  if (bytesRead < blockSize) throw notOurs("it ends too early");
  return buffer;
}

async function readManifest(file: FileHandle, places: Map<string, Place>): Promise<Manifest> {
  const place = places.get(manifestName);
  if (!place) throw notOurs("it has no manifest: it was never finished");
  if (place.size > largestManifest) throw notOurs("its manifest is too large");
  const { buffer } = await file.read(Buffer.alloc(place.size), 0, place.size, place.start);
  const value = parseJson(buffer.toString());
  refuseNewer(value);
  const parsed = Manifest.safeParse(value);
  if (!parsed.success) throw notOurs(`its manifest does not fit (${parsed.error.issues[0]?.path.join(".")})`);
  const named = new Map(parsed.data.members.map(({ name, size }) => [name, size]));
  for (const [name, { size }] of places) {
    if (name !== manifestName && named.get(name) !== size) throw notOurs(`${name} is not as its manifest has it`);
  }
  if (named.size !== places.size - 1) throw notOurs("its manifest names what it does not hold");
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw notOurs("its manifest is no JSON");
  }
}

function refuseNewer(value: unknown): void {
  const format = typeof value === "object" && value !== null && "format" in value ? value.format : null;
  if (typeof format !== "number" || format <= backupFormat) return;
  throw new CliError(`The backup has form ${format}, and this MiniRun reads up to ${backupFormat}.`, {
    remedy: "Restore it with the version that made it, or a newer one.",
  });
}

async function* readChecked(file: FileHandle, name: string, place: Place | undefined, digest: string | undefined) {
  if (!place || !digest) throw notOurs(`it has no ${name}`);
  const hash = createHash("sha256");
  for (let done = 0; done < place.size; ) {
    const length = Math.min(pieceSize, place.size - done);
    const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, place.start + done);
    if (bytesRead === 0) throw notOurs(`${name} is cut off`);
    const piece = buffer.subarray(0, bytesRead);
    hash.update(piece);
    done += bytesRead;
    yield piece;
  }
  if (hash.digest("hex") !== digest) throw notOurs(`the digest of ${name} does not fit`);
}
