import { constants } from "node:fs";
import { chmod, lchown, link, lstat, mkdir, open, symlink, unlink, utimes } from "node:fs/promises";
import { join } from "node:path";
import { extract, type Header } from "tar-stream";
import { CliError } from "../errors.ts";
import { harmless } from "../text.ts";
import { type ArchiveSink, writeTo } from "./archive-sink.ts";
import type { CopyPlan } from "./plan-copy.ts";

export interface UnpackOptions {
  /** Decides, when the first entry is known, where the archive goes. */
  plan(first: { isDirectory: boolean }): CopyPlan;
  /** Whether every name begins with that of what was copied, which the plan's name replaces. */
  named: boolean;
  /** Keep owner and group; else everything is this user's. */
  keepOwners: boolean;
  onSkipped(name: string): void;
}

/** An entry while its content is being read; it must be read before the next one comes. */
interface Entry extends AsyncIterable<Uint8Array> {
  header: Header;
  resume(): void;
}

/**
 * Unpacks a container's tar archive on this machine, and returns how much it was. The archive is hostile: no name leads
 * upwards or through a symbolic link below the destination, devices are left out, nothing gets set-user-id.
 */
export async function unpackLocal(
  body: ReadableStream<Uint8Array>,
  options: UnpackOptions,
): Promise<{ entries: number; bytes: number }> {
  const parser = extract();
  const feeding = feed(body, parser as unknown as ArchiveSink);
  feeding.catch(() => {});
  const total = { entries: 0, bytes: 0 };
  const modes: [path: string, mode: number][] = [];
  let plan: CopyPlan | null = null;
  for await (const entry of parser as AsyncIterable<Entry>) {
    plan ??= options.plan({ isDirectory: !options.named || entry.header.type === "directory" });
    const names = placeOf(entry.header.name, plan, options.named);
    const path = join(plan.directory, ...names);
    if (names.length > 0) await makeParents(plan.directory, names.slice(0, -1));
    if (entry.header.type === "directory") {
      if (await makeDirectory(path)) modes.push([path, permissionsOf(entry.header)]);
    } else if (!(await writeEntry(entry, path, plan, options))) options.onSkipped(entry.header.name);
    if (options.keepOwners && names.length > 0) await keepOwner(path, entry.header);
    entry.resume();
    total.entries += 1;
    total.bytes += entry.header.size ?? 0;
  }
  await feeding;
  if (total.entries === 0) {
    throw new CliError("The container sent an empty archive: nothing was copied.", {
      remedy: "Devices, pipes and sockets cannot be copied; ./minirun files cat NAME PATH reads a file.",
    });
  }
  // Last, the deepest first: a directory that can't be written to could not be filled.
  for (const [path, mode] of modes.reverse()) await chmod(path, mode);
  return total;
}

/** Gives the archive to the parser; what breaks on the way ends the parser too. */
async function feed(body: ReadableStream<Uint8Array>, parser: ArchiveSink): Promise<void> {
  try {
    for await (const piece of body) await writeTo(parser, piece);
    parser.end();
  } catch (error) {
    parser.destroy(error);
    throw error;
  }
}

/** The parts of an entry's path below the plan's directory. Throws for a name that leads upwards. */
function placeOf(name: string, plan: CopyPlan, named: boolean): string[] {
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) throw refused(name, "it leads upwards");
  const below = named ? parts.slice(1) : parts;
  return plan.name === "" ? below : [plan.name, ...below];
}

/** Every part must be a directory, or becomes one: a symbolic link could lead anywhere. */
async function makeParents(directory: string, parts: readonly string[]): Promise<void> {
  let path = directory;
  for (const part of parts) {
    path = join(path, part);
    await makeDirectory(path);
  }
}

/** Returns whether it was made; false when it was there. */
async function makeDirectory(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    if (!(await lstat(path)).isDirectory()) throw refused(path, "something else than a directory is there");
    return false;
  }
}

/** Returns false for what is left out. */
async function writeEntry(entry: Entry, path: string, plan: CopyPlan, options: UnpackOptions): Promise<boolean> {
  const { type, linkname = "", mtime } = entry.header;
  if (type !== "file" && type !== "symlink" && type !== "link") return false;
  await makeRoom(path);
  if (type === "symlink") await symlink(linkname, path);
  else if (type === "link") await link(await linkTarget(linkname, plan, options.named), path);
  else {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
    const file = await open(path, flags, 0o600);
    try {
      for await (const piece of entry) await file.writeFile(piece);
      await file.chmod(permissionsOf(entry.header));
    } finally {
      await file.close();
    }
    if (mtime) await utimes(path, mtime, mtime);
  }
  return true;
}

async function makeRoom(path: string): Promise<void> {
  try {
    if ((await lstat(path)).isDirectory()) throw refused(path, "a directory is there");
    await unlink(path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
}

/** A hard link leads to what came out of the same archive, through directories alone. */
async function linkTarget(name: string, plan: CopyPlan, named: boolean): Promise<string> {
  const names = placeOf(name, plan, named);
  await makeParents(plan.directory, names.slice(0, -1));
  const path = join(plan.directory, ...names);
  if (!(await lstat(path)).isFile()) throw refused(name, "a hard link leads to what is no file");
  return path;
}

const permissionsOf = ({ mode = 0o644 }: Header) => mode & 0o777;

async function keepOwner(path: string, { uid, gid }: Header): Promise<void> {
  const there = await lstat(path).catch(() => null);
  if (there && uid !== undefined && gid !== undefined) await lchown(path, uid, gid);
}

function refused(name: string, why: string): CliError {
  return new CliError(`${harmless(name)} is not unpacked: ${why}.`, {
    remedy: "./minirun cp NAME:PATH - writes the archive itself, to look into.",
  });
}
