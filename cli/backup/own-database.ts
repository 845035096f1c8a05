import { setTimeout as sleep } from "node:timers/promises";
import { type Config, paths } from "../../lib/config.ts";
import { type DatabaseConfig, databaseConfig } from "../../lib/store/database-config.ts";
import { CliError } from "../errors.ts";
import { databasePart, databaseStopSteps } from "../supervisor/database-part.ts";
import { logFolder } from "../supervisor/folders.ts";
import { type Cluster, withSuperuser } from "../supervisor/postgres-cluster.ts";
import { endProcess } from "../supervisor/process-identity.ts";

const startMs = 60_000;

/** Whether the embedded PostgreSQL answers. */
export async function databaseRuns(config: Config): Promise<boolean> {
  return withSuperuser(config, "postgres", async (client) => void (await client.query("select 1"))).then(
    () => true,
    () => false,
  );
}

/**
 * Does something with an embedded PostgreSQL that runs for as long as that takes; a cluster that is not there yet is made.
 * For whoever holds the supervisor's lock.
 */
export async function withOwnDatabase<T>(cluster: Cluster, work: (database: DatabaseConfig) => Promise<T>): Promise<T> {
  const { config } = cluster;
  const part = databasePart(cluster, null);
  const { process, ended } = await part.launch(AbortSignal.timeout(startMs));
  let reason: string | null = null;
  void ended.then((words) => {
    reason = words;
  });
  try {
    for (const deadline = Date.now() + startMs; ; await sleep(50)) {
      const answers = await part.check().then(
        () => true,
        () => false,
      );
      if (answers) break;
      if (reason === null && Date.now() < deadline) continue;
      throw new CliError(`The database ${reason ?? `does not answer within ${startMs / 1000} s`}.`, {
        remedy: `See ${logFolder(config)}/database.log.`,
      });
    }
    await part.prepare?.();
    return await work(databaseConfig({ ...config, databaseUrl: null }, "worker"));
  } finally {
    await endProcess(process, databaseStopSteps);
  }
}

/** Throws a CliError when a server has this installation's cluster, whoever started it. */
export async function requireDatabaseStopped(config: Config): Promise<void> {
  if (!(await databaseRuns(config))) return;
  throw new CliError(`A database answers in ${paths(config).postgresSocket}.`, { remedy: "Stop MiniRun first." });
}
