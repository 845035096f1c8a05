import { execFile } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, renameSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { type Config, paths } from "../../lib/config.ts";
import { CliError } from "../errors.ts";
import { folder } from "./folders.ts";
import { postgresFolder } from "./postgres-binaries.ts";
import { asUser } from "./privileges.ts";
import type { SystemUser } from "./system-users.ts";
import { writeWhole } from "./write-whole.ts";

const run = promisify(execFile);

/** The embedded PostgreSQL: one cluster below HOME, reached by its Unix socket alone. */
export interface Cluster {
  config: Config;
  /** The release whose programs it runs. */
  release: string;
  user: SystemUser;
  webUser: SystemUser;
}

/** What PostgreSQL's processes see of the environment: nothing of ours. */
export const postgresEnvironment: Record<string, string> = {
  PATH: "/usr/bin:/bin",
  LANG: "C.UTF-8",
  TZ: "UTC",
  NODE_ENV: "production",
};

const configurationFolder = (config: Config) => join(config.home, "postgres-conf");

/** Makes the cluster unless it is there. A half-made one is dropped: it gets its name only when initdb is through. */
export async function ensureCluster(cluster: Cluster): Promise<void> {
  const { config, user } = cluster;
  const target = paths(config).postgres;
  if (existsSync(join(target, "PG_VERSION"))) return;
  const temporary = `${target}.new`;
  if (existsSync(temporary)) await removeHalfMade(cluster, temporary);
  mkdirSync(temporary, { mode: 0o700 });
  chmodSync(temporary, 0o700);
  chownSync(temporary, user.uid, user.gid);
  await initdb(cluster, temporary);
  renameSync(temporary, target);
}

/** The contents go with the rights of their owner, who could have put links there; the folder itself lies in root's. */
async function removeHalfMade({ user }: Cluster, path: string): Promise<void> {
  const [command = "", ...rest] = [...asUser(user, { endWithParent: true }), "find", path, "-mindepth", "1", "-delete"];
  await run(command, rest, { cwd: "/" });
  rmdirSync(path);
}

async function initdb({ release, user }: Cluster, target: string): Promise<void> {
  const [command = "", ...rest] = [
    ...asUser(user, { endWithParent: true }),
    join(postgresFolder(release), "bin/initdb"),
    `--pgdata=${target}`,
    "--username=postgres",
    "--auth=peer",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
  ];
  try {
    await run(command, rest, { env: postgresEnvironment as NodeJS.ProcessEnv, cwd: "/" });
  } catch (error) {
    const output = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : String(error);
    throw new CliError(`initdb could not make the database's cluster in ${target}: ${output}`, {
      remedy: "See that the disk has room; or name an outside PostgreSQL in DATABASE_URL.",
      cause: error,
    });
  }
}

/**
 * Writes who may connect: peer authentication by the Unix socket, mapped by name. The files lie in a folder of root's,
 * for root writes nothing into one that the database's user could prepare with links.
 */
export function writeAccessRules({ config }: Cluster): void {
  const rules = ["postgres postgres", "minirun minirun_worker", "minirun minirun_web", "all postgres"];
  const hba = rules.map((rule) => `local ${rule} peer map=minirun`);
  const identities = [
    "root postgres",
    "root minirun_worker",
    // For a web process in development, which root runs.
    "root minirun_web",
    `${config.webUser} minirun_web`,
  ].map((pair) => `minirun ${pair}`);
  const target = configurationFolder(config);
  folder(target, 0o755);
  writeWhole(join(target, "pg_hba.conf"), `${hba.join("\n")}\n`, 0o644);
  writeWhole(join(target, "pg_ident.conf"), `${identities.join("\n")}\n`, 0o644);
}

/** The command that runs the server in the foreground. */
export function serverCommand({ config, release, user }: Cluster): string[] {
  const at = paths(config);
  const settings = {
    listen_addresses: "",
    unix_socket_directories: at.postgresSocket,
    hba_file: join(configurationFolder(config), "pg_hba.conf"),
    ident_file: join(configurationFolder(config), "pg_ident.conf"),
    max_connections: "60",
    shared_buffers: "64MB",
    log_line_prefix: "%m [%p] ",
    log_timezone: "UTC",
    timezone: "UTC",
    cluster_name: "minirun",
  };
  return [
    ...asUser(user, { endWithParent: false }),
    postgresExecutable(release),
    "-D",
    at.postgres,
    ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ];
}

export function postgresExecutable(release: string): string {
  return join(postgresFolder(release), "bin/postgres");
}

/** Does something with a connection as the superuser; fails after 2 s when the server does not take one. */
export async function withSuperuser<T>(
  config: Config,
  database: "postgres" | "minirun",
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    host: paths(config).postgresSocket,
    user: "postgres",
    database,
    connectionTimeoutMillis: 2000,
    query_timeout: 10_000,
    application_name: "minirun supervisor",
  });
  // A connection that breaks between queries is reported by the next one.
  client.on("error", () => {});
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}

/** Makes the roles and the database that worker and web expect, where they are missing. */
export async function ensureDatabase({ config }: Cluster): Promise<void> {
  await withSuperuser(config, "postgres", async (client) => {
    for (const role of ["minirun_worker", "minirun_web"]) {
      const found = await client.query("select from pg_roles where rolname = $1", [role]);
      if (found.rowCount === 0) await client.query(`create role ${role} login`);
    }
    const found = await client.query("select from pg_database where datname = 'minirun'");
    if (found.rowCount === 0) await client.query("create database minirun owner minirun_worker");
    await client.query("revoke all on database minirun from public");
    await client.query("grant connect on database minirun to minirun_web");
  });
}
