import { closeSync, rmdirSync, rmSync, writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type Config, paths } from "../../lib/config.ts";
import { CliError } from "../errors.ts";
import { version } from "../installation.ts";
import { addressOf } from "./address.ts";
import { databasePart } from "./database-part.ts";
import { logFolder } from "./folders.ts";
import { type Change, keepRunning } from "./keep-running.ts";
import { takeSupervisorLock } from "./lock.ts";
import { openLog, rotateLog } from "./log-file.ts";
import type { Part } from "./part.ts";
import { requireFreePort } from "./port.ts";
import { endProcess, identify } from "./process-identity.ts";
import type { Release } from "./release.ts";
import type { Secrets } from "./secrets.ts";
import {
  type PartName,
  type PartState,
  partNames,
  readState,
  removeState,
  runningSupervisor,
  type SupervisorState,
  writeState,
} from "./state.ts";
import type { SystemUser } from "./system-users.ts";
import { type TlsFiles, watchTlsFiles } from "./tls-files.ts";
import { nodeStopSteps, webPart, workerPart } from "./web-and-worker.ts";
import { webUnitPart } from "./web-unit.ts";

/** Everything that must be there before the first process starts. */
export interface Installation {
  config: Config;
  release: Release;
  secrets: Secrets;
  users: { web: SystemUser; database: SystemUser | null };
}

export interface SuperviseOptions {
  /** Aborted when all is to stop. */
  signal: AbortSignal;
  /** A line for the person who watches, beside the log. */
  say(line: string): void;
}

const rotateEvery = 60_000;

/**
 * Runs database, worker and web until the signal, then stops them: web first, so that nothing new is asked, the
 * database last. What a supervisor that was killed left running is taken over (database) or ended (the others).
 * Containers are nobody's children here and go on. Throws a CliError when another supervisor runs.
 */
export async function supervise(installation: Installation, { signal, say }: SuperviseOptions): Promise<void> {
  const { config } = installation;
  const lock = takeSupervisorLock(config);
  if (!lock) throw new CliError("Another supervisor of this installation runs.", { remedy: "See ./minirun status." });
  const left = readState(config);
  await endLeftWebAndWorker(left);
  await requireFreePort(config);

  const log = openSupervisorLog(config, say);
  const tlsFiles = watchTlsFiles(config, log.write);
  const parts = partsOf(installation, left, tlsFiles);
  const state = newState(installation, parts);
  writeState(config, state);
  const stops = parts.map((part) => {
    const stop = new AbortController();
    const report = (change: Change) => record(config, state, part.name, change, log.write);
    return { stop, done: keepRunning(part, { signal: stop.signal, report }) };
  });
  const rotation = setInterval(() => {
    for (const name of [...partNames, "supervisor"]) rotateLog(logFolder(config), name);
  }, rotateEvery);

  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
  clearInterval(rotation);
  tlsFiles.close();
  for (const { stop, done } of stops.reverse()) {
    stop.abort();
    await done;
  }
  log.close();
  cleanRunFolder(config);
  lock.release();
}

function partsOf(
  { config, release, secrets, users }: Installation,
  left: SupervisorState | null,
  tlsFiles: TlsFiles,
): Part[] {
  const cluster = users.database && { config, release: release.folder, user: users.database, webUser: users.web };
  return [
    ...(cluster ? [databasePart(cluster, left?.parts.database?.process ?? null)] : []),
    workerPart(config, release),
    config.web === "unit"
      ? webUnitPart(config, users.web, secrets, tlsFiles)
      : webPart(config, release, users.web, secrets, tlsFiles),
  ];
}

function newState({ config, release }: Installation, parts: Part[]): SupervisorState {
  const self = identify(process.pid);
  if (!self) throw new Error("/proc is not mounted: this process is not found in it");
  const now = new Date().toISOString();
  const fresh: PartState = { state: "starting", process: null, since: now, restarts: 0, reason: null };
  return {
    ...self,
    url: addressOf(config),
    version,
    release: release.id,
    startedAt: now,
    parts: Object.fromEntries(parts.map(({ name }) => [name, fresh])),
  };
}

function record(
  config: Config,
  state: SupervisorState,
  name: PartName,
  change: Change,
  say: (line: string) => void,
): void {
  const before = state.parts[name];
  state.parts[name] = {
    ...change,
    reason: change.reason ?? before?.reason ?? null,
    since: new Date().toISOString(),
    restarts: (before?.restarts ?? 0) + (change.state === "waiting" ? 1 : 0),
  };
  writeState(config, state);
  if (change.state === "waiting")
    say(`${name} ${change.reason}; starting it again (log: ${logFolder(config)}/${name}.log)`);
  else if (change.state === "running") say(`${name} runs (pid ${change.process?.pid})`);
}

function openSupervisorLog(config: Config, say: (line: string) => void) {
  const file = openLog(logFolder(config), "supervisor");
  return {
    write(line: string) {
      writeSync(file, `${new Date().toISOString()} ${line}\n`);
      say(line);
    },
    close: () => closeSync(file),
  };
}

/** Ends web and worker of a supervisor that was killed; they get SIGTERM from the kernel then, but may take their time. */
async function endLeftWebAndWorker(left: SupervisorState | null): Promise<void> {
  const processes = [left?.parts.web?.process, left?.parts.worker?.process];
  await Promise.all(processes.map((identity) => identity && endProcess(identity, nodeStopSteps)));
}

/** Removes what the supervisor and its parts keep in RUN; the containers' folder stays. */
export function cleanRunFolder(config: Config): void {
  const at = paths(config);
  removeState(config);
  rmSync(at.workerSocket, { force: true });
  removeIfEmpty(at.postgresSocket);
}

/** PostgreSQL removes its own socket; root removes nothing by path inside a folder of another user's. */
function removeIfEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // Absent, or a server that was killed left its socket: the next one replaces it.
  }
}

/** Nothing waits for a database that has failed again and again: the rest works without it. */
const mayGoOn = (name: string, { state, restarts }: PartState) =>
  state === "running" || (name === "database" && restarts >= 3);

/** Waits until web answers; false when it has not within `milliseconds`. */
export async function waitUntilRunning(config: Config, milliseconds: number): Promise<boolean> {
  const deadline = Date.now() + milliseconds;
  while (Date.now() < deadline) {
    // One that was killed has left its state behind, in which all runs.
    const parts = runningSupervisor(config)?.parts;
    if (parts && Object.entries(parts).every(([name, part]) => mayGoOn(name, part))) return true;
    await sleep(50);
  }
  return false;
}
