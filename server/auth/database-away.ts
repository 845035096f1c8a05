import { fail } from "../../lib/contract/problem.ts";
import type { WebContext } from "../context.ts";
import { throughDatabaseAlone } from "../services/through-database.ts";

export function databaseAway() {
  return fail("database-unavailable", "The database is away", "who may sign in stands there, and it does not answer", {
    remedy: "Try again in a while; the operator token and `./minirun token --link` work meanwhile.",
  });
}

/** Does with accounts what only the database can do. Throws database-unavailable when it is away. */
export function withDatabase<T>(context: Pick<WebContext, "database">, work: () => Promise<T>): Promise<T> {
  return throughDatabaseAlone(context, work, databaseAway);
}
