import * as z from "zod";
import { Trace, TraceSummary } from "../contract/trace.ts";
import type { Store } from "./store.ts";

/** How many starts and ends are listed. */
const mostTraces = 50;

/**
 * The starts and ends of a container whose traces are kept, newest first. The database sums them up: whole, they are megabytes.
 * Where the child fails, the host's step that waits for it fails as well: the child's is the one that failed.
 */
export async function listTraces({ pool }: Pick<Store, "pool">, containerId: string): Promise<TraceSummary[]> {
  const { rows } = await pool.query(
    `SELECT id AS "operationId", NULL AS "sessionId", verb, NULL AS command, principal, trace->>'startedAt' AS "startedAt",
            (trace->>'totalNs')::float8 AS "totalNs", jsonb_array_length(trace->'steps') AS steps,
            (SELECT step->>'name' FROM jsonb_array_elements(trace->'steps') WITH ORDINALITY AS s (step, place)
              WHERE (step->>'errno')::int <> 0
              ORDER BY step->>'side' = 'host', place LIMIT 1) AS "failedStep"
       FROM operations
      WHERE container_id = $1 AND verb IN ('start', 'restart', 'stop', 'kill') AND jsonb_typeof(trace) = 'object'
      ORDER BY requested_at DESC, id DESC
      LIMIT $2`,
    [containerId, mostTraces],
  );
  return z.array(TraceSummary).parse(rows);
}

/** The trace of the start or the end that an operation was; null when it was none, or is not known. */
export async function readTrace({ pool }: Pick<Store, "pool">, operationId: string): Promise<Trace | null> {
  if (!z.uuid().safeParse(operationId).success) return null;
  const { rows } = await pool.query("SELECT trace FROM operations WHERE id = $1", [operationId]);
  return Trace.nullable().parse(rows[0]?.trace ?? null);
}
