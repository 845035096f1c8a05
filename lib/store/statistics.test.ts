import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { historySeries } from "../contract/stats.ts";
import { openPool } from "./connection.ts";
import { migrate } from "./migrate.ts";
import { registerNode } from "./register-node.ts";
import { deleteOldStatistics, insertStatistics, readStatistics, rollUpStatistics } from "./statistics.ts";
import { startTestPostgres, type TestPostgres } from "./testing/postgres.ts";

const migrations = fileURLToPath(new URL("../../prisma/migrations", import.meta.url));
const node = "node-1";

let postgres: TestPostgres;
let pool: pg.Pool;
let web: pg.Pool;

beforeAll(async () => {
  postgres = await startTestPostgres();
  await postgres.query("CREATE ROLE minirun_web LOGIN");
  const database = await postgres.createDatabase("statistics");
  await migrate(database, migrations);
  pool = openPool(database);
  web = openPool({ ...database, user: "minirun_web" });
  await registerNode(pool, { id: node, hostname: "h", kernel: "6.18", cgroupVersion: 1, version: "0.1.0" });
}, 60_000);
afterAll(async () => {
  await pool.end();
  await web.end();
  await postgres.stop();
});

/** The beginning of the quarter of an hour before this one. */
const quarter = Math.floor(Date.now() / 1000 / 900) * 900 - 900;
const point = (containerId: string, second: number, value: number) => ({
  containerId,
  second,
  values: historySeries.map((_, index) => (index === 1 ? Number.NaN : value)),
});

describe("statistics", () => {
  it("are written once, and read back in order by the web role, what is unknown as NaN", async () => {
    const id = randomUUID();
    const rows = [point(id, quarter + 2, 0.5), point(id, quarter + 1, 1e9)];
    await insertStatistics(pool, rows);
    await insertStatistics(pool, rows);
    const read = await readStatistics(web, id, 1, quarter);
    expect(read.map(({ second }) => second)).toEqual([quarter + 1, quarter + 2]);
    expect(read[0]?.values[0]).toBe(1e9);
    expect(read[0]?.values[1]).toBeNaN();
    expect((await readStatistics(web, id, 1, quarter + 1)).length).toBe(1);
    await expect(web.query("DELETE FROM statistics")).rejects.toThrow(/permission denied/);
  });

  it("are averaged over a minute and over fifteen, again when more has come", async () => {
    const id = randomUUID();
    await insertStatistics(
      pool,
      Array.from({ length: 90 }, (_, index) => point(id, quarter + index, index < 60 ? 10 : 40)),
    );
    await rollUpStatistics(pool, quarter);
    const minutes = async () => (await readStatistics(pool, id, 60, quarter - 1)).map(({ values }) => values[0]);
    expect(await minutes()).toEqual([10, 40]);
    expect((await readStatistics(pool, id, 900, quarter - 1)).map(({ values }) => values[0])).toEqual([25]);
    await insertStatistics(
      pool,
      Array.from({ length: 30 }, (_, index) => point(id, quarter + 90 + index, 60)),
    );
    await rollUpStatistics(pool, quarter + 90);
    expect(await minutes()).toEqual([10, 50]);
    expect((await readStatistics(pool, id, 900, quarter - 1))[0]?.values[0]).toBe(30);
    expect((await readStatistics(pool, id, 900, quarter - 1))[0]?.values[1]).toBeNaN();
  });

  it("go when they are old, and with their container", async () => {
    const [kept, deleted] = [randomUUID(), randomUUID()];
    const now = Math.floor(Date.now() / 1000);
    for (const id of [kept, deleted]) {
      await insertStatistics(pool, [point(id, now - 10, 1), point(id, now - 3 * 3600, 1)]);
      await pool.query(
        `INSERT INTO containers (id, node_id, name, image, command_line, spec, state, generation, revision, created_at, deleted_at)
         VALUES ($1, $2, $3, 'host', '', '{}', 'created', 1, 1, now(), $4)`,
        [id, node, id, id === deleted ? new Date() : null],
      );
    }
    await deleteOldStatistics(pool, node);
    expect((await readStatistics(pool, kept, 1, 0)).map(({ second }) => second)).toEqual([now - 10]);
    expect(await readStatistics(pool, deleted, 1, 0)).toEqual([]);
  });
});
