import type { Config } from "../config.ts";
import { paths } from "../config.ts";

/** How a database is reached: an outside one by its URL, the embedded one by the folder of its Unix socket. */
export type DatabaseConfig = { url: string } | { socketDir: string; user: string; database: string };

/** The database of an installation, as its worker (owner of the schema) or its web process (reads, asks) reaches it. */
export function databaseConfig(
  config: Pick<Config, "home" | "run" | "databaseUrl">,
  role: "worker" | "web",
): DatabaseConfig {
  if (config.databaseUrl) return { url: config.databaseUrl };
  return { socketDir: paths(config).postgresSocket, user: `minirun_${role}`, database: "minirun" };
}
