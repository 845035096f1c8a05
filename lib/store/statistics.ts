import type pg from "pg";
import { historySeries, type StatsHistory } from "../contract/stats.ts";

/** A point of a container's history: `second` since 1970, `values` in the order of historySeries, NaN for none. */
export interface StatisticRow {
  containerId: string;
  second: number;
  values: ArrayLike<number>;
}

/** The steps of a history in seconds, and for how long each is kept. */
export const historySteps = [
  { range: "15m", step: 1, keptSeconds: 15 * 60 },
  { range: "1d", step: 60, keptSeconds: 24 * 60 * 60 },
  { range: "30d", step: 15 * 60, keptSeconds: 30 * 24 * 60 * 60 },
] as const satisfies { range: StatsHistory["range"]; step: number; keptSeconds: number }[];

const columns = historySeries.map((name) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
const columnList = columns.join(", ");

/** Writes points of one second each, in one statement; one that is there already stays. */
export async function insertStatistics(pool: pg.Pool, rows: readonly StatisticRow[]): Promise<void> {
  const arrays = columns.map((_, index) => `$${index + 3}::real[]`);
  await pool.query(
    `INSERT INTO statistics (container_id, at, step_seconds, ${columnList})
     SELECT container_id, to_timestamp(second), 1, ${columnList}
     FROM unnest($1::uuid[], $2::float8[], ${arrays.join(", ")}) AS point (container_id, second, ${columnList})
     ON CONFLICT DO NOTHING`,
    [
      rows.map(({ containerId }) => containerId),
      rows.map(({ second }) => second),
      ...columns.map((_, index) => rows.map(({ values }) => finite(values[index]))),
    ],
  );
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

/** Makes each coarser step anew from the finer one, for all that was written from this second on. */
export async function rollUpStatistics(pool: pg.Pool, from: number): Promise<void> {
  for (const [index, { step }] of historySteps.entries()) {
    const finer = historySteps[index - 1];
    if (!finer) continue;
    await pool.query(
      `INSERT INTO statistics (container_id, step_seconds, at, ${columnList})
       SELECT container_id, $1::int, date_bin(make_interval(secs => $1::int), at, to_timestamp(0)) AS bin,
         ${columns.map((name) => `avg(${name})`).join(", ")}
       FROM statistics
       WHERE step_seconds = $2::int AND at >= date_bin(make_interval(secs => $1::int), to_timestamp($3), to_timestamp(0))
       GROUP BY container_id, bin
       ON CONFLICT (container_id, step_seconds, at) DO UPDATE
         SET ${columns.map((name) => `${name} = excluded.${name}`).join(", ")}`,
      [step, finer.step, from],
    );
  }
}

/** Deletes what is older than its step is kept, and the history of a node's deleted containers. */
export async function deleteOldStatistics(pool: pg.Pool, node: string): Promise<void> {
  for (const { step, keptSeconds } of historySteps) {
    await pool.query("DELETE FROM statistics WHERE step_seconds = $1 AND at < now() - make_interval(secs => $2)", [
      step,
      // The step above still needs all of its last span.
      keptSeconds + 15 * 60,
    ]);
  }
  await pool.query(
    `DELETE FROM statistics WHERE container_id IN
       (SELECT id FROM containers WHERE node_id = $1 AND deleted_at IS NOT NULL)`,
    [node],
  );
}

/** A container's points of one step after `from`, in order of time. */
export async function readStatistics(
  pool: pg.Pool,
  containerId: string,
  step: number,
  from: number,
): Promise<StatisticRow[]> {
  const answer = await pool.query<[number, ...(number | null)[]]>({
    rowMode: "array",
    text: `SELECT extract(epoch FROM at)::float8, ${columnList} FROM statistics
           WHERE container_id = $1 AND step_seconds = $2 AND at > to_timestamp($3) ORDER BY at`,
    values: [containerId, step, from],
  });
  return answer.rows.map(([second, ...values]) => ({
    containerId,
    second,
    values: values.map((value) => value ?? Number.NaN),
  }));
}
