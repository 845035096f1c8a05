import pg from "pg";
import type { Config } from "../../lib/config.ts";
import { connect } from "../../lib/store/connection.ts";
import { type DatabaseConfig, databaseConfig } from "../../lib/store/database-config.ts";
import { CliError } from "../errors.ts";
import { ourTables } from "./database.ts";

/** Tables whose rows are somebody's; those of an installation that has only started have a row or two each. */
const marks = ["operations", "events", "containers"];

/** Throws a CliError when an outside database holds what a restore would take away. */
export async function refuseFilledOutside(config: Config): Promise<void> {
  await withClient(databaseConfig(config, "worker"), async (client) => {
    const present = await tableNames(client);
    for (const name of marks.filter((mark) => present.includes(mark))) {
      const { rowCount } = await client.query(`SELECT FROM ${pg.escapeIdentifier(name)} LIMIT 1`);
      if (!rowCount) continue;
      throw new CliError(`The database that the settings name is not empty: it has ${name}.`, {
        remedy: "--force replaces all that it holds. Make a backup of it first.",
      });
    }
  });
}

/** Empties an outside database of what is MiniRun's. Throws a CliError when it has tables that are not. */
export async function clearOutside(config: Config): Promise<DatabaseConfig> {
  const database = databaseConfig(config, "worker");
  await withClient(database, async (client) => {
    const tables = await tableNames(client);
    if (tables.length > 0 && !tables.includes("operations")) {
      throw new CliError(
        `The database that the settings name has tables that are not MiniRun's: ${tables.join(", ")}.`,
        {
          remedy: "Name a database of MiniRun's own.",
        },
      );
    }
    await client.query("BEGIN");
    await client.query("DROP SCHEMA IF EXISTS graphile_worker, public CASCADE");
    await client.query("CREATE SCHEMA public");
    await client.query("COMMIT");
  });
  return database;
}

async function tableNames(client: pg.Client): Promise<string[]> {
  return (await client.query<{ name: string }>(ourTables)).rows.map(({ name }) => name);
}

async function withClient(database: DatabaseConfig, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = await connect(database, "minirun-restore");
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
