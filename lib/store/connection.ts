import pg from "pg";
import type { DatabaseConfig } from "./database-config.ts";

/** Nothing waits longer than this for a connection or a statement (milliseconds): no request may hang. */
const connectTimeout = 1500;
const statementTimeout = 5000;

function clientConfig(database: DatabaseConfig, applicationName: string): pg.ClientConfig {
  const target =
    "url" in database
      ? { connectionString: database.url }
      : { host: database.socketDir, user: database.user, database: database.database };
  return { ...target, connectionTimeoutMillis: connectTimeout, application_name: applicationName, keepAlive: true };
}

/** Without a listener a broken connection would end the process; whoever uses one hears of it by its query. */
const dropped = () => {};

/** A pool of connections. One that breaks, idle or in use, is dropped; the next query opens another. */
export function openPool(database: DatabaseConfig, applicationName = "minirun", max = 10): pg.Pool {
  const pool = new pg.Pool({
    ...clientConfig(database, applicationName),
    max,
    statement_timeout: statementTimeout,
    query_timeout: statementTimeout + 500,
  });
  pool.on("error", dropped);
  pool.on("connect", (client) => client.on("error", dropped));
  return pool;
}

/** A single connection without a time-out for statements: for LISTEN, locks and migrations. The caller ends it. */
export async function connect(database: DatabaseConfig, applicationName = "minirun"): Promise<pg.Client> {
  const client = new pg.Client(clientConfig(database, applicationName));
  client.on("error", dropped);
  await client.connect();
  return client;
}
