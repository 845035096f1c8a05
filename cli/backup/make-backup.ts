import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { type Config, paths } from "../../lib/config.ts";
import { ContainerId } from "../../lib/contract/container.ts";
import { ProblemError } from "../../lib/contract/problem.ts";
import { type DatabaseConfig, databaseConfig } from "../../lib/store/database-config.ts";
import { CliError } from "../errors.ts";
import { version } from "../installation.ts";
import { makeFolders } from "../supervisor/folders.ts";
import { takeSupervisorLock } from "../supervisor/lock.ts";
import { findUser } from "../supervisor/system-users.ts";
import { type ArchiveWriter, createArchive } from "./archive-writer.ts";
import { openSnapshot, type Snapshot } from "./database.ts";
import { type Held, hold } from "./hold.ts";
import { backupFormat, type FilesTaken, type Manifest, manifestName, stateName } from "./manifest.ts";
import { databaseRuns, withOwnDatabase } from "./own-database.ts";
import { fileEntries, heavyEntries, stateEntries } from "./state-files.ts";
import { packTree } from "./trees.ts";

/** What to do about containers that run. */
export type Running = "freeze" | "copy" | "skip";

export interface BackupOptions {
  running: Running;
  /** Without the images that MiniRun keeps: those are made again, where they can be. */
  withoutImages: boolean;
  signal: AbortSignal;
  /** Told of what is left out or may not be whole. */
  warn(line: string): void;
}

export interface Backup {
  size: number;
  containers: Manifest["containers"];
}

/** What of a record matters here. */
const Recorded = z.object({
  id: z.uuid(),
  spec: z.object({ name: z.string() }),
  status: z.object({ state: z.string() }),
  lower: z.string().nullable(),
  deletedAt: z.string().nullable(),
});
type Recorded = z.infer<typeof Recorded>;

/**
 * Writes database and state directory of this installation into one file, whether it runs or not. Records, outbox and
 * database are as of one moment, as a power cut would have left them; a container's own files are read afterwards, while
 * nothing happens to it. Throws a CliError, and leaves no file then.
 */
export async function makeBackup(config: Config, path: string, options: BackupOptions): Promise<Backup> {
  if (!existsSync(paths(config).operatorToken)) {
    throw new CliError(`There is no MiniRun in ${config.home}.`, { remedy: "MINIRUN_HOME names another folder." });
  }
  const archive = await createArchive(path, options.signal);
  try {
    return await withDatabase(config, (database) => write(config, database, archive, options));
  } finally {
    await archive.discard();
  }
}

/** The database that runs, or the embedded one, started for this. */
async function withDatabase<T>(config: Config, work: (database: DatabaseConfig) => Promise<T>): Promise<T> {
  if (config.databaseUrl || (await databaseRuns(config))) return work(databaseConfig(config, "worker"));
  const lock = takeSupervisorLock(config);
  if (!lock) {
    throw new CliError("MiniRun runs, but its database does not answer.", { remedy: "See ./minirun status." });
  }
  try {
    const [user, webUser] = [findUser(config.dbUser), findUser(config.webUser)];
    const release = join(paths(config).release, "current");
    if (!user || !webUser || !existsSync(release) || !existsSync(paths(config).postgres)) {
      throw new CliError(`The installation in ${config.home} has never run.`, { remedy: "./minirun up" });
    }
    // The socket's folder went with the supervisor.
    makeFolders(config, { web: webUser, database: user });
    return await withOwnDatabase({ config, release, user, webUser }, work);
  } finally {
    lock.release();
  }
}

async function write(
  config: Config,
  database: DatabaseConfig,
  archive: ArchiveWriter,
  options: BackupOptions,
): Promise<Backup> {
  const createdAt = new Date().toISOString();
  // What the outbox holds goes into the database or into the archive, and nothing falls between the two.
  const still = await holdIfRunning(config, options.signal);
  let snapshot: Snapshot | null = null;
  try {
    snapshot = await openSnapshot(database);
    const { entries, exclude } = stateEntries(config);
    await archive.add(stateName, packTree(config.home, entries, { signal: options.signal, exclude }));
    const records = readRecords(config);
    still?.release();
    for (const table of snapshot.tables) await archive.add(`database/${table}.jsonl`, snapshot.rows(table));
    const containers: Manifest["containers"] = [];
    for (const record of records) containers.push(await addContainer(config, archive, record, still !== null, options));
    await addImages(config, archive, records, options);
    const { migrations } = snapshot;
    const manifest: Manifest = {
      ...{ format: backupFormat, version, createdAt, node: config.node, home: config.home, migrations, containers },
      members: archive.members(),
    };
    return { size: await archive.finish(manifestName, JSON.stringify(manifest, null, 2)), containers };
  } finally {
    still?.release();
    await snapshot?.close();
  }
}

/** Null when no worker runs: nothing changes then. */
async function holdIfRunning(config: Config, signal: AbortSignal): Promise<Held | null> {
  try {
    return await hold(config, signal);
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === "worker-unavailable") return null;
    throw error;
  }
}

/**
 * The containers as their records have them; one whose record can't be read has no name left but its id. A folder without
 * one is no container: one that was never made, which the worker removes when it starts.
 */
function readRecords(config: Config): Recorded[] {
  const root = paths(config).containers;
  const ids = readdirSync(root).filter(
    (name) => ContainerId.safeParse(name).success && existsSync(join(root, name, "record.json")),
  );
  const records = ids.map((id): Recorded => {
    try {
      return Recorded.parse(JSON.parse(readFileSync(join(root, id, "record.json"), "utf8")));
    } catch {
      return { id, spec: { name: id }, status: { state: "damaged" }, lower: null, deletedAt: null };
    }
  });
  return records.filter(({ deletedAt }) => deletedAt === null);
}

async function addContainer(
  config: Config,
  archive: ArchiveWriter,
  { id, spec: { name }, status: { state } }: Recorded,
  workerRuns: boolean,
  { running, signal, warn }: BackupOptions,
): Promise<Manifest["containers"][number]> {
  let still: Held | null = null;
  try {
    still = workerRuns ? await hold(config, signal, { id, freeze: running === "freeze" }) : null;
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.code !== "container-not-found") throw error;
    warn(`${name} was deleted meanwhile: its files are not in the backup.`);
    return { id, name, state, files: "left-out" };
  }
  try {
    const files = filesTaken(still?.state ?? state, workerRuns, running);
    const exclude = files === "left-out" ? ["./upper/*"] : [];
    if (files === "left-out") warn(`${name} runs: its files are not in the backup (--running skip).`);
    if (files === "running")
      warn(`${name} ran while its files were read: what it wrote meanwhile may be there in part.`);
    const folder = join(paths(config).containers, id);
    await archive.add(`containers/${id}.tar`, packTree(folder, fileEntries(folder), { signal, exclude }));
    return { id, name, state, files };
  } finally {
    still?.release();
  }
}

function filesTaken(state: string, workerRuns: boolean, running: Running): FilesTaken {
  if (state === "paused") return "frozen";
  if (state !== "running" && state !== "stopping" && state !== "starting") return "stopped";
  if (running === "skip") return "left-out";
  return running === "freeze" && workerRuns && state === "running" ? "frozen" : "running";
}

/** The images that containers start from, of those that MiniRun keeps; folders of the host's are the host's. */
async function addImages(
  config: Config,
  archive: ArchiveWriter,
  records: readonly Recorded[],
  { withoutImages, signal, warn }: BackupOptions,
): Promise<void> {
  for (const lower of new Set(records.flatMap(({ lower }) => lower ?? []))) {
    const name = lower.startsWith(`${config.home}/`) ? lower.slice(config.home.length + 1) : null;
    if (name === null || !heavyEntries.some((entry) => name.startsWith(`${entry}/`))) {
      warn(`The image ${lower} is a folder of this machine: it is not in the backup.`);
    } else if (!withoutImages && existsSync(lower)) {
      await archive.add(`${name}.tar`, packTree(lower, ["."], { signal }));
    }
  }
}
