import { z } from "zod";
import { Trace, TraceSummary } from "../contract/trace.ts";
import type { Store } from "./store.ts";

/** How many starts are listed. */
const mostTraces = 50;

/**
 * The starts of a container whose traces are kept, newest first. The database sums them up: whole, they are megabytes.
 * Where the child fails, the host's step that waits for it fails as well: the child's is the one that failed.
 */
export async function listTraces({ pool }: Pick<Store, "pool">, containerId: string): Promise<TraceSummary[]> {
  const { rows } = await pool.query(
    `SELECT id AS "operationId", verb, principal, trace->>'startedAt' AS "startedAt",
            (trace->>'totalNs')::float8 AS "totalNs", jsonb_array_length(trace->'steps') AS steps,
            (SELECT step->>'name' FROM jsonb_array_elements(trace->'steps') WITH ORDINALITY AS s (step, place)
              WHERE (step->>'errno')::int <> 0
              ORDER BY step->>'side' = 'host', place LIMIT 1) AS "failedStep"
       FROM operations
      WHERE container_id = $1 AND verb IN ('start', 'restart') AND jsonb_typeof(trace) = 'object'
      ORDER BY requested_at DESC, id DESC
      LIMIT $2`,
    [containerId, mostTraces],
  );
  return z.array(TraceSummary).parse(rows);
}

/** The trace of the start that an operation was; null when it was none, or is not known. */
export async function readTrace({ prisma }: Pick<Store, "prisma">, operationId: string): Promise<Trace | null> {
  if (!z.uuid().safeParse(operationId).success) return null;
  const row = await prisma.operation.findUnique({ where: { id: operationId }, select: { trace: true } });
  return Trace.nullable().parse(row?.trace ?? null);
}
