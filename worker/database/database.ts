import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { openPool } from "../../lib/store/connection.ts";
import { type DatabaseConfig, databaseConfig } from "../../lib/store/database-config.ts";
import { migrate } from "../../lib/store/migrate.ts";
import { forgetContainers, readRevisions, registerNode } from "../../lib/store/register-node.ts";
import type { Context } from "../context.ts";
import { announce } from "../operations/commit.ts";
import { runAuditRetention } from "./audit.ts";
import { bulkConcurrency, concurrency, runJobs, takeOverJobs } from "./jobs.ts";
import { runPresence } from "./presence.ts";
import { runProjection } from "./projection.ts";
import { runStatistics } from "./statistics.ts";
import { runAccess } from "./sync-access.ts";

const firstRetryMs = 100;
const longestRetryMs = 2_000;

/** The worker's side of the database: jobs come from it, and the outbox goes into it. */
export interface Database {
  status(): "connected" | "unavailable";
  /** Ends when jobs in hand are done. */
  closed: Promise<void>;
}

/**
 * Connects, again and again until the signal aborts: a database that is away, at the start or later, stops nothing.
 * Each time it brings the schema up to date, registers this node, and then takes jobs and drains the outbox.
 */
export function runDatabase(context: Context, signal: AbortSignal): Database {
  const target = databaseConfig(context.config, "worker");
  // One pool for all the time: a job that was in hand when the database went away is still told to it afterwards.
  const pool = openPool(target, "minirun-worker", concurrency + bulkConcurrency + 5);
  let connected = false;
  const keepConnected = async () => {
    let retryMs = firstRetryMs;
    let told = false;
    while (!signal.aborted) {
      try {
        await serve(context, target, pool, signal, () => {
          connected = true;
          told = false;
          retryMs = firstRetryMs;
          context.log.info("database connected");
        });
      } catch (error) {
        if (!told) context.log.warn({ err: error }, "the database is away; going on without it");
        told = true;
      }
      connected = false;
      await sleep(retryMs, undefined, { signal }).catch(() => {});
      retryMs = Math.min(retryMs * 2, longestRetryMs);
    }
    await pool.end();
  };
  return { status: () => (connected ? "connected" : "unavailable"), closed: keepConnected() };
}

async function serve(
  context: Context,
  target: DatabaseConfig,
  pool: pg.Pool,
  signal: AbortSignal,
  onConnected: () => void,
): Promise<void> {
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  try {
    const { applied, changed } = await migrate(target, context.installation.migrations);
    if (applied.length > 0) context.log.info({ migrations: applied }, "migrations applied");
    if (changed.length > 0)
      context.log.warn({ migrations: changed }, "migrations have changed since they were applied");
    await register(context, pool);
    // Before the results, which take their jobs away with them unless somebody works on those.
    await takeOverJobs(context, pool);
    await runProjection(context, pool);
    await tellMissing(context, pool);
    onConnected();
    // When one rejects, the database is away: the others end by themselves, and what they held is taken up again.
    await Promise.all([
      runPresence(target, () => register(context, pool), either),
      runProjection(context, pool, either),
      runJobs(context, pool, either),
      runStatistics(context, pool, either),
      runAccess(context, target, pool, either),
      runAuditRetention(context, pool, either),
    ]);
  } finally {
    over.abort();
  }
}

/** Once the outbox is empty: a database that is new, or an old copy, is told how this node's containers stand. */
async function tellMissing(context: Context, pool: pg.Pool): Promise<void> {
  const { node } = context.config;
  const known = await readRevisions(pool, node);
  const live = context.records.live();
  for (const record of live) {
    const isKnown = (known.get(record.id) ?? -1) >= record.revision;
    if (!isKnown) await announce(context, record, { durable: false, withResult: true });
  }
  await forgetContainers(
    pool,
    node,
    live.map(({ id }) => id),
  );
}

function register(context: Context, pool: pg.Pool): Promise<void> {
  const { kernel, cgroup } = context.addon.probe();
  const { version } = context.installation;
  return registerNode(pool, {
    id: context.config.node,
    hostname: hostname(),
    kernel,
    cgroupVersion: cgroup.version,
    version,
  });
}
