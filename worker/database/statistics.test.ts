import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import type pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { historySeries } from "../../lib/contract/stats.ts";
import { openPool } from "../../lib/store/connection.ts";
import type { DatabaseConfig } from "../../lib/store/database-config.ts";
import { migrate } from "../../lib/store/migrate.ts";
import { readStatistics } from "../../lib/store/statistics.ts";
import { startTestPostgres, type TestPostgres } from "../../lib/store/testing/postgres.ts";
import { isDatabaseUnavailable } from "../../lib/store/unavailable.ts";
import type { Context } from "../context.ts";
import { createHistory } from "../stats/history.ts";
import { runStatistics } from "./statistics.ts";

const migrations = fileURLToPath(new URL("../../prisma/migrations", import.meta.url));

let postgres: TestPostgres;
let database: DatabaseConfig;
let pool: pg.Pool;

beforeAll(async () => {
  postgres = await startTestPostgres();
  database = await postgres.createDatabase("statistics");
  await migrate(database, migrations);
  pool = openPool(database);
}, 60_000);
afterAll(async () => {
  await pool.end();
  await postgres.stop();
});

it("what could not be written while the database was away is written when it is back, once", async () => {
  const id = randomUUID();
  const history = createHistory();
  const context = { history, config: { node: "node-1" } } as Context;
  const now = Math.floor(Date.now() / 1000);
  const add = (second: number) =>
    history.add(
      id,
      second,
      historySeries.map(() => second - now),
    );
  const stored = async () => (await readStatistics(pool, id, 1, 0)).map(({ second }) => second - now);

  add(now - 3);
  const first = new AbortController();
  const running = runStatistics(context, pool, first.signal);
  await expect.poll(stored).toEqual([-3]);
  first.abort();
  await running;

  await postgres.crash();
  add(now - 2);
  const away = await runStatistics(context, pool, new AbortController().signal).catch((error: unknown) => error);
  expect(isDatabaseUnavailable(away)).toBe(true);
  add(now - 1);

  await postgres.start();
  const again = new AbortController();
  const back = runStatistics(context, pool, again.signal);
  await expect.poll(stored).toEqual([-3, -2, -1]);
  await expect.poll(async () => (await readStatistics(pool, id, 60, 0)).length).toBeGreaterThan(0);
  again.abort();
  await back;
  expect(history.unwritten()).toEqual([]);
});
