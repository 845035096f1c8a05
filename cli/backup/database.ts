import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import pg from "pg";
import { problem } from "../../lib/contract/problem.ts";
import { connect } from "../../lib/store/connection.ts";
import type { DatabaseConfig } from "../../lib/store/database-config.ts";
import { notOurs } from "./tar-header.ts";

/** How many rows are held at once; their traces may be long. */
const rowsAtOnce = 200;

/** The database as of one moment: what others write afterwards is not in it. */
export interface Snapshot {
  migrations: string[];
  tables: string[];
  /** A table's rows, a line of JSON each. */
  rows(table: string): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** Tables of ours; those of the job queue are left out, and so is Prisma's own. */
export const ourTables = `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname <> '_prisma_migrations' ORDER BY 1`;

/** Opens a transaction that sees the database as it is now, and changes nothing. */
export async function openSnapshot(database: DatabaseConfig): Promise<Snapshot> {
  const client = await connect(database, "minirun-backup");
  try {
    // Its first statement takes the moment.
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    const names = async (sql: string) => (await client.query<{ name: string }>(sql)).rows.map(({ name }) => name);
    const tables = await names(ourTables);
    const migrations = await names(
      `SELECT migration_name AS name FROM _prisma_migrations
       WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY 1`,
    );
    return {
      migrations,
      tables,
      rows: (table) => readRows(client, pg.escapeIdentifier(table)),
      close: () => client.end(),
    };
  } catch (error) {
    await client.end();
    throw error;
  }
}

async function* readRows(client: pg.Client, table: string): AsyncIterable<Uint8Array> {
  await client.query(`DECLARE backup NO SCROLL CURSOR FOR SELECT to_jsonb(t)::text AS line FROM ${table} t`);
  for (;;) {
    const { rows } = await client.query<{ line: string }>(`FETCH ${rowsAtOnce} FROM backup`);
    if (rows.length === 0) break;
    yield Buffer.from(rows.map(({ line }) => `${line}\n`).join(""));
  }
  await client.query("CLOSE backup");
}

/**
 * Fills tables, whose names and rows a backup tells, in one transaction; what migrations put there before gives way.
 * What was asked for and not carried out counts as failed: its jobs are not in a backup. `resumed` are the operations
 * that the node goes on with by itself. Throws a CliError for tables that the schema does not have.
 */
export async function fillDatabase(
  database: DatabaseConfig,
  tables: ReadonlyMap<string, AsyncIterable<Uint8Array>>,
  resumed: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const client = await connect(database, "minirun-restore");
  try {
    await client.query("BEGIN");
    const order = await tablesInOrder(client);
    const unknown = [...tables.keys()].find((name) => !order.includes(name));
    if (unknown) throw notOurs(`its schema has no table ${unknown}`);
    await client.query(`TRUNCATE ${order.map((name) => pg.escapeIdentifier(name)).join(", ")} RESTART IDENTITY`);
    for (const name of order) {
      const lines = tables.get(name);
      if (lines) await fillTable(client, name, lines, signal);
    }
    await client.query(failQueued, [resumed, JSON.stringify(notCarriedOut)]);
    await client.query("COMMIT");
  } finally {
    await client.end();
  }
}

const notCarriedOut = problem(
  "superseded",
  "The request was lost",
  "It had not been carried out when the backup was made, and was not taken up again.",
  { remedy: "Ask again if you still want it." },
);

const failQueued = `UPDATE operations SET state = 'failed', finished_at = now(), problem = $2
  WHERE state IN ('queued', 'running') AND NOT id = ANY ($1::uuid[])`;

/** Every table behind those that its rows refer to. */
async function tablesInOrder(client: pg.Client): Promise<string[]> {
  const { rows: tables } = await client.query<{ name: string }>(ourTables);
  const { rows: references } = await client.query<{ name: string; target: string }>(
    `SELECT conrelid::regclass::text AS name, confrelid::regclass::text AS target FROM pg_constraint
     WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND conrelid <> confrelid`,
  );
  const order: string[] = [];
  const add = (name: string) => {
    if (order.includes(name)) return;
    for (const reference of references) if (reference.name === name) add(reference.target);
    order.push(name);
  };
  for (const { name } of tables) add(name);
  return order;
}

async function fillTable(
  client: pg.Client,
  name: string,
  content: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  const table = pg.escapeIdentifier(name);
  const insert = `INSERT INTO ${table} SELECT * FROM jsonb_populate_recordset(NULL::${table}, $1::jsonb)`;
  let lines: string[] = [];
  const flush = async () => {
    if (lines.length > 0) await client.query(insert, [`[${lines.join(",")}]`]);
    lines = [];
  };
  for await (const line of createInterface({ input: Readable.from(content), crlfDelay: Number.POSITIVE_INFINITY })) {
    signal.throwIfAborted();
    lines.push(line);
    if (lines.length >= rowsAtOnce) await flush();
  }
  await flush();
  await advanceSequences(client, name);
}

/** New rows get numbers behind those that came back. */
async function advanceSequences(client: pg.Client, name: string): Promise<void> {
  const { rows } = await client.query<{ column: string; sequence: string }>(
    `SELECT attname AS column, pg_get_serial_sequence(quote_ident($1), attname) AS sequence FROM pg_attribute
     WHERE attrelid = quote_ident($1)::regclass AND attnum > 0 AND NOT attisdropped
       AND pg_get_serial_sequence(quote_ident($1), attname) IS NOT NULL`,
    [name],
  );
  for (const { column, sequence } of rows) {
    const [place, table] = [pg.escapeIdentifier(column), pg.escapeIdentifier(name)];
    await client.query(`SELECT setval($1, (SELECT coalesce(max(${place}), 0) + 1 FROM ${table}), false)`, [sequence]);
  }
}
