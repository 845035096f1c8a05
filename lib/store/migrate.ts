import { createHash, randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Logger, runMigrations } from "graphile-worker";
import type pg from "pg";
import { connect, openPool } from "./connection.ts";
import type { DatabaseConfig } from "./database-config.ts";

/** The lock that Prisma's own engine takes, so that it and we never migrate at once. */
const migrationLock = 72_707_369;

const bookkeeping = `
CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id                  VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum            VARCHAR(64) NOT NULL,
    finished_at         TIMESTAMPTZ,
    migration_name      VARCHAR(255) NOT NULL,
    logs                TEXT,
    rolled_back_at      TIMESTAMPTZ,
    started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0
)`;

/** Migrations that ran now, and ones that ran earlier but whose file has changed since. */
export interface Migrated {
  applied: string[];
  changed: string[];
}

/**
 * Brings a database up to date: graphile-worker's schema first, then ours, one transaction a migration, under a lock.
 * Compatible with `prisma migrate status` and `deploy`. `folder` is prisma/migrations; with `only`, no others are applied.
 * Throws the database's error with the migration's name, or an Error when Prisma left one half done.
 */
export async function migrate(database: DatabaseConfig, folder: string, only?: ReadonlySet<string>): Promise<Migrated> {
  const client = await connect(database, "minirun-migrate");
  try {
    await client.query("SELECT pg_advisory_lock($1)", [migrationLock]);
    await migrateJobQueue(database);
    await client.query(bookkeeping);
    return await applyPending(client, await readMigrations(folder), only);
  } finally {
    await client.end();
  }
}

async function migrateJobQueue(database: DatabaseConfig): Promise<void> {
  const pgPool = openPool(database, "minirun-migrate");
  try {
    await runMigrations({ pgPool, logger: new Logger(() => () => {}) });
  } finally {
    await pgPool.end();
  }
}

async function applyPending(
  client: pg.Client,
  migrations: readonly Migration[],
  only?: ReadonlySet<string>,
): Promise<Migrated> {
  const known = await client.query<{ name: string; checksum: string; finished: boolean }>(
    `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished
     FROM _prisma_migrations WHERE rolled_back_at IS NULL`,
  );
  const done = new Map(known.rows.map((row) => [row.name, row]));
  const migrated: Migrated = { applied: [], changed: [] };
  for (const migration of migrations) {
    if (only && !only.has(migration.name)) continue;
    const earlier = done.get(migration.name);
    if (!earlier) {
      await apply(client, migration);
      migrated.applied.push(migration.name);
    } else if (!earlier.finished) {
      throw new Error(
        `The migration ${migration.name} was begun by Prisma and never finished. Repair the database, then run prisma migrate resolve.`,
      );
    } else if (earlier.checksum !== migration.checksum) {
      migrated.changed.push(migration.name);
    }
  }
  return migrated;
}

export interface Migration {
  name: string;
  sql: string;
  checksum: string;
}

/** All there are, in the order in which they are applied. */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(join(folder, name, "migration.sql"), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    }),
  );
}

async function apply(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  await client.query("BEGIN");
  try {
    await client.query(sql);
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, applied_steps_count)
       VALUES ($1, $2, now(), $3, 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK");
    throw new Error(`The migration ${name} failed: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
}
