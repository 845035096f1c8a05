import { fail } from "../../lib/contract/problem.ts";
import { isDatabaseUnavailable } from "../../lib/store/unavailable.ts";
import { within as atMost } from "../../lib/within.ts";
import type { WebContext } from "../context.ts";

/** A request turns to the worker when the database has not answered within this time. */
export const databaseWithinMs = 1_000;

export const timedOut = Symbol("timed out");

/**
 * Does it with the database, or, when that is away or too slow, with the worker.
 * What the database says about the request itself is thrown as it is.
 */
export async function throughDatabase<T>(
  { database, log }: Pick<WebContext, "database" | "log">,
  withDatabase: () => Promise<T>,
  withWorker: () => Promise<T>,
): Promise<T> {
  if (!database.available) return withWorker();
  try {
    const value = await within(databaseWithinMs, withDatabase());
    if (value !== timedOut) return value;
    if (database.available) log.warn(`the database has not answered in ${databaseWithinMs} ms: asking the worker`);
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
    if (database.available) log.warn({ err: error }, "the database is away: asking the worker");
  }
  database.failed();
  return withWorker();
}

/** In place of the worker, for what only the database knows. */
export async function databaseUnavailable(): Promise<never> {
  throw fail("database-unavailable", "The database is away", "What was asked for is nowhere else.", {
    remedy: "It is started again by itself where it came along; /health tells since when it is away.",
  });
}

/** The work's value, which may be null, or {@link timedOut}. */
export async function within<T>(milliseconds: number, work: Promise<T>): Promise<T | typeof timedOut> {
  const done = await atMost(
    work.then((value) => ({ value })),
    milliseconds,
  );
  return done ? done.value : timedOut;
}
