import type pg from "pg";

/** What a node says of itself when its worker connects. */
export interface NodeRegistration {
  id: string;
  hostname: string;
  kernel: string;
  cgroupVersion: number;
  version: string;
}

/** Writes the node down, or that it was seen now. */
export async function registerNode(pool: pg.Pool, node: NodeRegistration): Promise<void> {
  await pool.query(
    `INSERT INTO nodes (id, hostname, kernel, cgroup_version, version) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (id) DO UPDATE SET hostname = excluded.hostname, kernel = excluded.kernel,
       cgroup_version = excluded.cgroup_version, version = excluded.version, last_seen_at = now()`,
    [node.id, node.hostname, node.kernel, node.cgroupVersion, node.version],
  );
}

/** What the database knows of a node's containers: the revision of each. */
export async function readRevisions(pool: pg.Pool, node: string): Promise<Map<string, number>> {
  const answer = await pool.query<{ id: string; revision: string }>(
    "SELECT id, revision FROM containers WHERE node_id = $1 AND deleted_at IS NULL",
    [node],
  );
  return new Map(answer.rows.map(({ id, revision }) => [id, Number(revision)]));
}

/** Marks as deleted what the database still shows of a node and the node no longer has. */
export async function forgetContainers(pool: pg.Pool, node: string, existing: readonly string[]): Promise<void> {
  await pool.query(
    "UPDATE containers SET deleted_at = now() WHERE node_id = $1 AND deleted_at IS NULL AND id <> ALL ($2::uuid[])",
    [node, existing],
  );
}
