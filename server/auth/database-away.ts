import { fail } from "../../lib/contract/problem.ts";
import { isDatabaseUnavailable } from "../../lib/store/unavailable.ts";
import type { WebContext } from "../context.ts";
import { databaseWithinMs, timedOut, within } from "../services/through-database.ts";

export function databaseAway() {
  return fail("database-unavailable", "The database is away", "who may sign in stands there, and it does not answer", {
    remedy: "Try again in a while; the operator token and `./minirun token --link` work meanwhile.",
  });
}

/**
 * Does what only the database can do. Throws database-unavailable when it is away, or when this takes too long: hashing a
 * password may be why, so that alone does not count as a failure of the database.
 */
export async function withDatabase<T>(
  { database }: Pick<WebContext, "database">,
  work: () => Promise<T>,
  limitMs = databaseWithinMs,
): Promise<T> {
  if (!database.available) throw databaseAway();
  try {
    const value = await within(limitMs, work());
    if (value !== timedOut) return value;
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
    database.failed();
  }
  throw databaseAway();
}
