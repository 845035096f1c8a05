import { isDatabaseUnavailable } from "../../lib/store/unavailable.ts";
import { within as atMost } from "../../lib/within.ts";
import type { WebContext } from "../context.ts";

/** A request turns to the worker when the database has not answered within this time. */
export const databaseWithinMs = 1_000;
/** One that has to answer at all does so within this time. With the second before, no request takes over two. */
export const probeWithinMs = 800;
/** What takes longer than a second in a database that answers, as a search in years of the audit, or hashing beside it. */
const slowWithinMs = 6_000;
/** One that is away for less may have been too slow for somebody once: it is asked before a request is refused. */
const believedAfterMs = 1_000;

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

/**
 * Does what nothing but the database can do. One that is slow is waited for as long as it answers at all. Throws what
 * `away` makes when it does not, or when this takes too long even so; that alone does not count as a failure of it.
 */
export async function throughDatabaseAlone<T>(
  { database }: Pick<WebContext, "database">,
  work: () => Promise<T>,
  away: () => Error,
): Promise<T> {
  const awayForMs = database.since === null ? 0 : Date.now() - database.since.getTime();
  if (awayForMs > believedAfterMs || (!database.available && !(await database.answers()))) throw away();
  try {
    const working = work();
    let value = await within(databaseWithinMs, working);
    if (value === timedOut && (await database.answers())) value = await within(slowWithinMs, working);
    if (value !== timedOut) return value;
    working.catch(() => {});
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
    database.failed();
  }
  throw away();
}

/** The work's value, which may be null, or {@link timedOut}. */
export async function within<T>(milliseconds: number, work: Promise<T>): Promise<T | typeof timedOut> {
  const done = await atMost(
    work.then((value) => ({ value })),
    milliseconds,
  );
  return done ? done.value : timedOut;
}
