import { logFolder } from "./folders.ts";
import { type Launched, launchProcess, type Part } from "./part.ts";
import {
  type Cluster,
  ensureCluster,
  ensureDatabase,
  postgresEnvironment,
  postgresExecutable,
  serverCommand,
  withSuperuser,
  writeAccessRules,
} from "./postgres-cluster.ts";
import {
  describeProcess,
  endProcess,
  isAlive,
  type ProcessIdentity,
  type StopStep,
  waitForEnd,
} from "./process-identity.ts";

/** Fast shutdown, immediate shutdown, none (PostgreSQL's manual, "Shutting Down the Server"). */
export const databaseStopSteps: readonly StopStep[] = [
  ["SIGINT", 30_000],
  ["SIGQUIT", 5_000],
  ["SIGKILL", 5_000],
];

/**
 * The embedded PostgreSQL as a supervised part. It does not end with a supervisor that is killed: `left` is what the
 * one before left running, and is taken over when it is this release's server under the right user.
 */
export function databasePart(cluster: Cluster, left: ProcessIdentity | null): Part {
  let predecessor = left;
  return {
    name: "database",
    stopSteps: databaseStopSteps,
    async launch() {
      const adopted = predecessor && (await takeOver(cluster, predecessor));
      predecessor = null;
      return adopted ?? (await start(cluster));
    },
    check: () => withSuperuser(cluster.config, "postgres", async (client) => void (await client.query("select 1"))),
    prepare: () => ensureDatabase(cluster),
  };
}

async function start(cluster: Cluster): Promise<Launched> {
  await ensureCluster(cluster);
  writeAccessRules(cluster);
  return launchProcess({
    command: serverCommand(cluster),
    env: postgresEnvironment,
    cwd: "/",
    log: { folder: logFolder(cluster.config), name: "database" },
  });
}

/** Null when there was nothing to take over; another release's server is stopped first. */
async function takeOver(cluster: Cluster, left: ProcessIdentity): Promise<Launched | null> {
  const found = isAlive(left) ? describeProcess(left.pid) : null;
  if (!found || found.uid !== cluster.user.uid) return null;
  if (found.executable !== postgresExecutable(cluster.release)) {
    await endProcess(left, databaseStopSteps);
    return null;
  }
  return { process: left, ended: waitForEnd(left, Number.POSITIVE_INFINITY, 1000).then(() => "ended") };
}
