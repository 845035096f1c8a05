import { execFile } from "node:child_process";
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import * as z from "zod";
import type { Config } from "../../lib/config.ts";
import { writeWhole } from "../supervisor/write-whole.ts";
import type { ArchiveReader } from "./archive-reader.ts";
import { type Manifest, stateName } from "./manifest.ts";
import { heavyEntries, isState, stagingName } from "./state-files.ts";
import { notOurs } from "./tar-header.ts";
import { unpackTree } from "./trees.ts";

/** Where a backup is built up on the file system that it is for, beside what is there. */
export interface Staging {
  folder: string;
  /** An installation of its own. */
  config: Config;
  /** What was there before. */
  before: string;
}

/** What is read of a record; its text is changed as it stands, so that all else stays. */
const Recorded = z.object({
  lower: z.string().nullable(),
  deletedAt: z.string().nullable(),
  idRange: z.object({ start: z.int() }).nullable().default(null),
  current: z.object({ id: z.uuid() }).nullable().default(null),
});

export function stagingOf(config: Config): Staging {
  const folder = join(config.home, stagingName);
  return {
    folder,
    config: { ...config, home: join(folder, "home"), run: join(folder, "run") },
    before: join(folder, "before"),
  };
}

/** Unpacks the state, and each container's own files into its folder. */
export async function unpackState(archive: ArchiveReader, { config }: Staging, signal: AbortSignal): Promise<void> {
  const unpack = async (name: string, folder: string) => unpackTree(archive.read(name), folder, signal);
  await unpack(stateName, config.home);
  for (const { name } of archive.manifest.members) {
    const folder = join(config.home, name.slice(0, -".tar".length));
    if (name.startsWith("containers/")) {
      if (!existsSync(folder)) throw notOurs(`it holds ${name}, and no record of it`);
      await unpack(name, folder);
    } else if (heavyEntries.some((entry) => name.startsWith(`${entry}/`))) {
      mkdirSync(dirname(folder), { recursive: true, mode: 0o700 });
      mkdirSync(folder);
      await unpack(name, folder);
    }
  }
}

/**
 * Makes the containers' folders whole, and their records fit HOME where that was another. A container that was deleted
 * while the backup was made is dropped. Answers the operations that the worker will go on with.
 */
export function adaptRecords(manifest: Manifest, { config }: Staging, home: string): string[] {
  const root = join(config.home, "containers");
  const dropped = manifest.containers.filter(({ id, files }) => files === "left-out" && !hasFiles(manifest, id));
  for (const { id } of dropped) rmSync(join(root, id), { recursive: true, force: true });
  return readdirSync(root).flatMap((id) => {
    const path = join(root, id, "record.json");
    const raw = readJson(path);
    const record = Recorded.safeParse(raw).data;
    // Of one that is damaged the worker says so.
    if (!record || record.deletedAt !== null) return [];
    completeFolders(join(root, id), record.idRange?.start ?? 0);
    if (record.lower?.startsWith(`${manifest.home}/`)) {
      const lower = home + record.lower.slice(manifest.home.length);
      writeWhole(path, JSON.stringify({ ...(raw as object), lower }), 0o600);
    }
    return record.current ? [record.current.id] : [];
  });
}

const hasFiles = ({ members }: Manifest, id: string) => members.some(({ name }) => name === `containers/${id}.tar`);

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return null;
  }
}

/** Overlayfs needs both; its work folder is its own and was not taken along. */
function completeFolders(folder: string, owner: number): void {
  for (const name of ["bundle/rootfs", "work"]) mkdirSync(join(folder, name), { recursive: true, mode: 0o755 });
  const upper = join(folder, "upper");
  if (existsSync(upper)) return;
  mkdirSync(upper, { mode: 0o755 });
  chownSync(upper, owner, owner);
}

/** Puts what was built where it belongs: a rename each. Images are named after what they hold, and join those there. */
export async function putInPlace(config: Config, { folder, config: built, before }: Staging): Promise<void> {
  // All of it is on the disk before any of it has its name.
  await promisify(execFile)("sync", ["-f", folder]);
  mkdirSync(before, { mode: 0o700 });
  const embedded = config.databaseUrl ? [] : ["postgres"];
  const replaced = (home: string) => readdirSync(home).filter((name) => isState(name) || embedded.includes(name));
  for (const name of replaced(config.home)) renameSync(join(config.home, name), join(before, name));
  for (const name of replaced(built.home)) renameSync(join(built.home, name), join(config.home, name));
  for (const entry of ["images/host", "layers"]) {
    const [from, to] = [join(built.home, entry), join(config.home, entry)];
    if (!existsSync(from)) continue;
    mkdirSync(to, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(from)) {
      if (!existsSync(join(to, name))) renameSync(join(from, name), join(to, name));
    }
  }
  await promisify(execFile)("sync", ["-f", config.home]);
}
