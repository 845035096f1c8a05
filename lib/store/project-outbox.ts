import type pg from "pg";
import { formatCommand } from "../contract/command.ts";
import { ContainerSpec } from "../contract/container.ts";
import type { OutboxEntry } from "./outbox-entry.ts";

/** NOTIFY channel whose payload is the id of an operation that has succeeded or failed. */
export const operationChannel = "minirun_operation";

/**
 * Applies one entry of a node's outbox in one transaction. Applying it again changes nothing: events and operations
 * have primary keys made on the node, and a container never goes back to an older revision.
 * Waiters are notified with the commit, so a read after the notice sees the new state.
 */
export async function projectOutboxEntry(pool: pg.Pool, entry: OutboxEntry): Promise<void> {
  const client = await pool.connect();
  let broken = false;
  try {
    await client.query("BEGIN");
    if (entry.container) await projectContainer(client, entry.node, entry.container);
    if (entry.event && entry.container) await projectEvent(client, entry.node, entry.event, entry.container.value);
    if (entry.operation) await projectOperation(client, entry.node, entry.operation);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {
      broken = true;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

async function projectContainer(
  client: pg.PoolClient,
  node: string,
  { revision, value, deletedAt, idRange }: NonNullable<OutboxEntry["container"]>,
): Promise<void> {
  const known = await client.query<{ revision: string }>("SELECT revision FROM containers WHERE id = $1 FOR UPDATE", [
    value.id,
  ]);
  if (known.rows[0] && Number(known.rows[0].revision) >= revision) return;
  if (!deletedAt) {
    // Names are unique on the node, whose word counts: another row with this name is left from a state that is gone.
    await client.query(
      "UPDATE containers SET deleted_at = now() WHERE node_id = $1 AND name = $2 AND id <> $3 AND deleted_at IS NULL",
      [node, value.name, value.id],
    );
  }
  await client.query(
    `INSERT INTO containers (id, node_id, name, image, command_line, spec, state, generation, revision, pid, exit_code,
       signal, reason, oom_kills, id_range_start, id_range_size, missing, problem, created_at, started_at, finished_at,
       deleted_at, restart_count, next_start_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, image = excluded.image, command_line = excluded.command_line, spec = excluded.spec, state = excluded.state,
       generation = greatest(containers.generation, excluded.generation), revision = excluded.revision,
       pid = excluded.pid, exit_code = excluded.exit_code, signal = excluded.signal, reason = excluded.reason,
       oom_kills = excluded.oom_kills, id_range_start = excluded.id_range_start, id_range_size = excluded.id_range_size,
       missing = excluded.missing, problem = excluded.problem, started_at = excluded.started_at,
       finished_at = excluded.finished_at, deleted_at = excluded.deleted_at,
       restart_count = excluded.restart_count, next_start_at = excluded.next_start_at, updated_at = now()`,
    [
      value.id,
      node,
      value.name,
      value.image,
      formatCommand(value.command),
      JSON.stringify(ContainerSpec.strip().parse(value)),
      value.state,
      value.generation,
      revision,
      value.pid,
      value.exitCode,
      value.signal,
      value.reason,
      value.oomKills,
      idRange?.start ?? null,
      idRange?.size ?? null,
      JSON.stringify(value.missing),
      value.problem && JSON.stringify(value.problem),
      value.createdAt,
      value.startedAt,
      value.finishedAt,
      deletedAt,
      value.restartCount,
      value.nextStartAt,
    ],
  );
}

async function projectEvent(
  client: pg.PoolClient,
  node: string,
  event: NonNullable<OutboxEntry["event"]>,
  container: NonNullable<OutboxEntry["container"]>["value"],
): Promise<void> {
  await client.query(
    `INSERT INTO events (id, node_id, container_id, action, at, container) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (id) DO NOTHING`,
    [event.id, node, container.id, event.action, event.at, JSON.stringify(container)],
  );
}

async function projectOperation(
  client: pg.PoolClient,
  node: string,
  { result, arguments: given, trace }: NonNullable<OutboxEntry["operation"]>,
): Promise<void> {
  await client.query(
    `INSERT INTO operations (id, node_id, container_id, verb, principal, arguments, generation, state, problem, trace,
       container, requested_at, started_at, finished_at, container_name)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
     ON CONFLICT (id) DO UPDATE SET state = excluded.state, problem = excluded.problem, trace = excluded.trace,
       container = excluded.container, container_name = excluded.container_name, started_at = excluded.started_at, finished_at = excluded.finished_at
     WHERE operations.state IN ('queued', 'running')`,
    [
      result.id,
      node,
      result.containerId,
      result.verb,
      result.principal,
      JSON.stringify(given),
      result.generation,
      result.state,
      result.problem && JSON.stringify(result.problem),
      trace && JSON.stringify(trace),
      result.container && JSON.stringify(result.container),
      result.requestedAt,
      result.startedAt,
      result.finishedAt,
      result.containerName,
    ],
  );
  if (!result.finishedAt) return;
  // Its job has nothing left to do. One that is being worked on ends by itself.
  await client.query(
    "SELECT graphile_worker.remove_job(key) FROM graphile_worker.jobs WHERE key = $1 AND locked_at IS NULL",
    [result.id],
  );
  await client.query("SELECT pg_notify($1, $2)", [operationChannel, result.id]);
}
