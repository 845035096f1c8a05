import type pg from "pg";
import { StoredToken } from "../contract/access.ts";

/** Writes API tokens down. What is there is never taken back: one that was revoked stays so, the later use counts. */
export async function writeTokens(pool: pg.Pool, tokens: readonly StoredToken[]): Promise<void> {
  if (tokens.length === 0) return;
  await pool.query(
    `INSERT INTO tokens (id, name, role, hash, created_by, created_at, expires_at, last_used_at, revoked_at)
     SELECT id, name, role, hash, "createdBy", "createdAt", "expiresAt", "lastUsedAt", "revokedAt"
     FROM jsonb_to_recordset($1::jsonb) AS given (id uuid, name text, role text, hash text, "createdBy" text,
       "createdAt" timestamptz, "expiresAt" timestamptz, "lastUsedAt" timestamptz, "revokedAt" timestamptz)
     ON CONFLICT (id) DO UPDATE SET
       last_used_at = greatest(tokens.last_used_at, excluded.last_used_at),
       revoked_at = coalesce(tokens.revoked_at, excluded.revoked_at)`,
    [JSON.stringify(tokens)],
  );
}

/** All API tokens that were not revoked a month ago. */
export async function readTokens(pool: pg.Pool): Promise<StoredToken[]> {
  const { rows } = await pool.query(
    `SELECT id, name, role, hash, created_by AS "createdBy", created_at AS "createdAt", expires_at AS "expiresAt",
       last_used_at AS "lastUsedAt", revoked_at AS "revokedAt"
     FROM tokens WHERE revoked_at IS NULL OR revoked_at > now() - interval '30 days' ORDER BY created_at, id`,
  );
  const iso = (value: unknown) => (value instanceof Date ? value.toISOString() : value);
  return StoredToken.array().parse(
    rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, iso(value)]))),
  );
}
