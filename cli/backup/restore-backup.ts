import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Config, paths } from "../../lib/config.ts";
import { migrate, readMigrations } from "../../lib/store/migrate.ts";
import { CliError } from "../errors.ts";
import { programRoot, version } from "../installation.ts";
import { makeFolders } from "../supervisor/folders.ts";
import { takeSupervisorLock } from "../supervisor/lock.ts";
import { prepareInstallation } from "../supervisor/prepare.ts";
import { runningSupervisor } from "../supervisor/state.ts";
import { runningShims } from "../supervisor/stop-containers.ts";
import type { Installation } from "../supervisor/supervise.ts";
import { type ArchiveReader, openArchive } from "./archive-reader.ts";
import { fillDatabase } from "./database.ts";
import type { Manifest } from "./manifest.ts";
import { stateName } from "./manifest.ts";
import { clearOutside, refuseFilledOutside } from "./outside-database.ts";
import { requireDatabaseStopped, withOwnDatabase } from "./own-database.ts";
import { adaptRecords, putInPlace, type Staging, stagingOf, unpackState } from "./staging.ts";
import { holdsContainers } from "./state-files.ts";
import { checkTree } from "./trees.ts";
import { workerAnswers } from "./worker-answers.ts";

export interface RestoreOptions {
  /** Replace what is there. */
  force: boolean;
  signal: AbortSignal;
}

const migrationsFolder = join(programRoot, "prisma/migrations");

/**
 * Puts a backup in place of what this installation holds; it must be stopped, and hold nothing unless forced. All is
 * read, checked and built beside what is there before anything changes. Throws a CliError that says what is wrong.
 */
export async function restoreBackup(config: Config, path: string, options: RestoreOptions): Promise<Manifest> {
  await requireStopped(config);
  const archive = await openArchive(path);
  try {
    await refuseUnfit(config, archive.manifest);
    if (!options.force) await refuseFilled(config);
    await checkContents(archive, options.signal);
    const installation = prepareInstallation(config, { development: false });
    const lock = takeSupervisorLock(config);
    if (!lock) throw stillRuns("another supervisor starts or runs");
    try {
      await build(installation, archive, options.signal);
    } finally {
      lock.release();
    }
    return archive.manifest;
  } finally {
    await archive.close();
  }
}

async function requireStopped(config: Config): Promise<void> {
  if (runningSupervisor(config)) throw stillRuns("its supervisor runs");
  if (await workerAnswers(config)) throw stillRuns("its worker answers");
  if (!config.databaseUrl) await requireDatabaseStopped(config);
  const count = runningShims(paths(config).runContainers).length;
  if (count > 0) throw stillRuns(count === 1 ? "a container runs" : `${count} containers run`);
}

function stillRuns(what: string): CliError {
  return new CliError(`MiniRun has not stopped: ${what}.`, {
    remedy: "./minirun down --all, which stops containers too.",
  });
}

/** Refuses what a newer MiniRun has made, or another node. */
async function refuseUnfit(config: Config, manifest: Manifest): Promise<void> {
  const known = new Set((await readMigrations(migrationsFolder)).map(({ name }) => name));
  const unknown = manifest.migrations.find((name) => !known.has(name));
  if (unknown || isNewer(manifest.version, version)) {
    const why = unknown ? `its schema has ${unknown}` : `this is MiniRun ${version}`;
    throw new CliError(`The backup is of a newer MiniRun (${manifest.version}): ${why}.`, {
      remedy: "Restore it with that version, or a newer one.",
    });
  }
  if (manifest.node !== config.node) {
    throw new CliError(`The backup is of the node ${manifest.node}, and this one is called ${config.node}.`, {
      remedy: `Set MINIRUN_NODE=${manifest.node} here, for restore and for up.`,
    });
  }
}

/** Compares versions such as 0.10.2 number by number. */
export function isNewer(one: string, other: string): boolean {
  const [left, right] = [one, other].map((text) => text.split(/[.-]/).slice(0, 3).map(Number));
  for (const [index, number] of (left ?? []).entries()) {
    const difference = number - (right?.[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

/** An installation that has run once may hold people, tokens and history, also without containers. */
async function refuseFilled(config: Config): Promise<void> {
  if (holdsContainers(config) || existsSync(paths(config).postgres)) {
    throw new CliError(`${config.home} is not empty: a MiniRun has run there.`, {
      remedy: "--force replaces all that it holds. Make a backup of it first.",
    });
  }
  if (config.databaseUrl) await refuseFilledOutside(config);
}

/** Reads all of it once: digests fit, and no tree holds what it must not. */
async function checkContents(archive: ArchiveReader, signal: AbortSignal): Promise<void> {
  for (const { name } of archive.manifest.members) {
    signal.throwIfAborted();
    const content = archive.read(name);
    if (name.endsWith(".tar")) await checkTree(name, content, name === stateName ? "plain" : "container", signal);
    else for await (const _ of content) signal.throwIfAborted();
  }
}

async function build(installation: Installation, archive: ArchiveReader, signal: AbortSignal): Promise<void> {
  const { config, users } = installation;
  const staging = stagingOf(config);
  removeStaging(staging);
  try {
    makeFolders(staging.config, users);
    await unpackState(archive, staging, signal);
    const resumed = adaptRecords(archive.manifest, staging, config.home);
    await buildDatabase(installation, archive, staging, resumed, signal);
    signal.throwIfAborted();
    await putInPlace(config, staging);
  } finally {
    removeStaging(staging);
  }
}

const removeStaging = ({ folder }: Staging) => rmSync(folder, { recursive: true, force: true });

/** The schema as it was when the backup was made, its rows, and then what this version has changed since. */
async function buildDatabase(
  { config, release, users }: Installation,
  archive: ArchiveReader,
  staging: Staging,
  resumed: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const fill = async (database: Parameters<typeof fillDatabase>[0]) => {
    await migrate(database, migrationsFolder, new Set(archive.manifest.migrations));
    await fillDatabase(database, tablesOf(archive), resumed, signal);
    await migrate(database, migrationsFolder);
  };
  if (!users.database) {
    const database = await clearOutside(config);
    return fill(database);
  }
  const cluster = { config: staging.config, release: release.folder, user: users.database, webUser: users.web };
  return withOwnDatabase(cluster, fill);
}

function tablesOf({ manifest, read }: ArchiveReader): Map<string, AsyncIterable<Uint8Array>> {
  const names = manifest.members.map(({ name }) => name).filter((name) => name.startsWith("database/"));
  return new Map(names.map((name) => [name.slice("database/".length, -".jsonl".length), read(name)]));
}
