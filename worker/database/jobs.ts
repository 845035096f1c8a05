import { Logger, makeWorkerUtils, run } from "graphile-worker";
import type pg from "pg";
import * as z from "zod";
import { ProblemError } from "../../lib/contract/problem.ts";
import { failOperation } from "../../lib/store/fail-operation.ts";
import type { Context } from "../context.ts";
import { execute } from "../operations/execute.ts";

/** Operations on different containers that are carried out at once; a stop may hold its place for a long time. */
export const concurrency = 24;
/** The same for those of bulk actions, so that these leave room for everybody else. */
export const bulkConcurrency = 8;
/** Bulk actions' jobs are announced by NOTIFY; single ones wait until they are due, and so do those that are tried again. */
const pollInterval = 2_000;

/** What a job that is no operation may still tell. */
const Named = z.looseObject({ id: z.uuid() });

/**
 * Takes this node's jobs until the signal aborts, and ends when those in hand are done. Rejects when the database goes
 * away. A job counts as done once its result is in the outbox.
 */
export async function runJobs(context: Context, pool: pg.Pool, signal: AbortSignal): Promise<void> {
  const [single, bulk] = tasksOf(context);
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const running = [
    runTask(context, pool, either, single, concurrency),
    runTask(context, pool, either, bulk, bulkConcurrency),
  ];
  try {
    await Promise.all(running);
  } finally {
    // When one has ended by itself, so does the other.
    over.abort();
    await Promise.allSettled(running);
  }
}

async function runTask(
  context: Context,
  pool: pg.Pool,
  signal: AbortSignal,
  task: string,
  concurrency: number,
): Promise<void> {
  const runner = await run({
    pgPool: pool,
    concurrency,
    pollInterval,
    noHandleSignals: true,
    preset: {
      worker: {
        // One connection fetches for all.
        localQueue: { size: concurrency },
        // Batched, a completion that the database does not take ends the runner; else its rejection ended the process.
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
      },
    },
    logger: graphileLogger(context),
    taskList: { [task]: (payload) => carryOut(context, pool, payload) },
  });
  const stop = () => void runner.stop().catch(() => {});
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });
  await runner.promise;
  if (!signal.aborted) throw new Error("the job runner has ended: the database did not take what it had done");
}

/** Job payloads are hostile: one that is no operation fails what it was to be, and is not tried again. */
async function carryOut(context: Context, pool: pg.Pool, payload: unknown): Promise<void> {
  try {
    await execute(context, payload);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    context.log.error({ problem: error.problem }, "a job is no operation: dropped");
    const named = Named.safeParse(payload);
    if (named.success) await failOperation(pool, context.config.node, named.data.id, error.problem);
  }
}

/** The kinds of jobs that are addressed to this node: single ones, and those of bulk actions. */
const tasksOf = ({ config }: Context) => [`operation:${config.node}`, `bulk:${config.node}`] as const;

/**
 * A worker that was killed keeps its locks for hours; only one worker serves a node, so all old locks are its own. What
 * was asked for while there was none is due at once.
 */
export async function takeOverJobs(context: Context, pgPool: pg.Pool): Promise<void> {
  await pgPool.query(
    `SELECT graphile_worker.reschedule_jobs(array_agg(id), run_at := now()) FROM graphile_worker.jobs
     WHERE task_identifier = ANY ($1) AND locked_at IS NULL AND attempts = 0 AND run_at > now() HAVING count(*) > 0`,
    [tasksOf(context)],
  );
  const held = await pgPool.query<{ locked_by: string }>(
    "SELECT DISTINCT locked_by FROM graphile_worker.jobs WHERE task_identifier = ANY ($1) AND locked_by IS NOT NULL",
    [tasksOf(context)],
  );
  if (held.rows.length === 0) return;
  const utils = await makeWorkerUtils({ pgPool, logger: graphileLogger(context) });
  try {
    await utils.forceUnlockWorkers(held.rows.map((row) => row.locked_by));
  } finally {
    await utils.release();
  }
}

function graphileLogger({ log }: Context): Logger {
  return new Logger(() => (level, message, meta) => {
    if (level === "error") log.error({ err: meta?.error }, message);
    else if (level === "warning") log.warn(message);
    else log.debug(message);
  });
}
