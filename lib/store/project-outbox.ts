import type pg from "pg";
import { formatCommand } from "../contract/command.ts";
import { ContainerSpec } from "../contract/container.ts";
import { auditRow } from "./audit.ts";
import type { OutboxEntry } from "./outbox-entry.ts";

/** NOTIFY channel whose payload is the id of an operation that has succeeded or failed. */
export const operationChannel = "minirun_operation";

/**
 * Applies one entry of a node's outbox in one transaction and one call (minirun_project, prisma/migrations). Applying it
 * again changes nothing: events and operations have primary keys made on the node, and a container never goes back to an
 * older revision. Waiters are notified with the commit, so a read after the notice sees the new state.
 */
export async function projectOutboxEntry(pool: pg.Pool, entry: OutboxEntry): Promise<void> {
  const audit = entry.audit && auditRow(entry.audit);
  const rows = [containerRow(entry), eventRow(entry), operationRow(entry), audit];
  await pool.query(
    "SELECT minirun_project($1, $2, $3, $4)",
    rows.map((row) => row && JSON.stringify(row)),
  );
}

function containerRow({ node, container }: OutboxEntry) {
  if (!container) return null;
  const { revision, value, deletedAt, idRange } = container;
  return {
    id: value.id,
    node_id: node,
    name: value.name,
    image: value.image,
    command_line: formatCommand(value.command),
    spec: ContainerSpec.strip().parse(value),
    state: value.state,
    generation: value.generation,
    revision,
    pid: value.pid,
    exit_code: value.exitCode,
    signal: value.signal,
    reason: value.reason,
    oom_kills: value.oomKills,
    restart_count: value.restartCount,
    next_start_at: value.nextStartAt,
    id_range_start: idRange?.start ?? null,
    id_range_size: idRange?.size ?? null,
    missing: value.missing,
    problem: value.problem,
    created_at: value.createdAt,
    started_at: value.startedAt,
    finished_at: value.finishedAt,
    deleted_at: deletedAt,
  };
}

function eventRow({ node, event, container }: OutboxEntry) {
  if (!event || !container) return null;
  const { id, action, at } = event;
  return { id, node_id: node, container_id: container.value.id, action, at, container: container.value };
}

function operationRow({ node, operation }: OutboxEntry) {
  if (!operation) return null;
  const { result, arguments: given, trace } = operation;
  return {
    id: result.id,
    node_id: node,
    container_id: result.containerId,
    verb: result.verb,
    principal: result.principal,
    arguments: given,
    generation: result.generation,
    state: result.state,
    problem: result.problem,
    trace,
    container: result.container,
    container_name: result.containerName,
    requested_at: result.requestedAt,
    started_at: result.startedAt,
    finished_at: result.finishedAt,
  };
}
