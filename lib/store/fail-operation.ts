import type pg from "pg";
import type { Problem } from "../contract/problem.ts";
import { operationChannel } from "./project-outbox.ts";

/** Writes down that an operation of this node can't be carried out at all; one that has ended stays as it is. */
export async function failOperation(pool: pg.Pool, node: string, id: string, problem: Problem): Promise<void> {
  const failed = await pool.query(
    `UPDATE operations SET state = 'failed', problem = $3, finished_at = now()
     WHERE id = $1 AND node_id = $2 AND state IN ('queued', 'running')`,
    [id, node, JSON.stringify(problem)],
  );
  if (failed.rowCount) await pool.query("SELECT pg_notify($1, $2)", [operationChannel, id]);
}
