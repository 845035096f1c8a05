import type pg from "pg";
import type { StoredToken } from "../../lib/contract/access.ts";
import { connect } from "../../lib/store/connection.ts";
import type { DatabaseConfig } from "../../lib/store/database-config.ts";
import { peopleChannel, readPeople } from "../../lib/store/people.ts";
import { readTokens, writeTokens } from "../../lib/store/tokens.ts";
import type { Context } from "../context.ts";

/**
 * Brings this node's knowledge of who may ask and the database's together, now and at every change: tokens either way,
 * people from there. Resolves when the signal aborts; rejects when the database goes away.
 */
export async function runAccess(
  { access }: Context,
  database: DatabaseConfig,
  pool: pg.Pool,
  signal: AbortSignal,
): Promise<void> {
  let written = new Map<string, StoredToken>();
  const write = async () => {
    const { tokens } = access.current;
    await writeTokens(
      pool,
      tokens.filter((token) => written.get(token.id) !== token),
    );
    written = new Map(tokens.map((token) => [token.id, token]));
  };
  const read = async () => access.merge(await readPeople(pool), await readTokens(pool));
  const client = await connect(database, "minirun-access");
  try {
    await new Promise<void>((resolve, reject) => {
      let working = Promise.resolve();
      const then = (work: () => Promise<void>) => {
        working = working.then(work);
        working.catch(reject);
      };
      const stop = access.onChange(() => then(write));
      client.on("notification", () => then(read));
      client.on("error", reject);
      client.on("end", () => reject(new Error("the connection to the database has ended")));
      then(async () => void (await client.query(`LISTEN ${peopleChannel}`)));
      then(write);
      then(read);
      const end = () => {
        stop();
        resolve(working);
      };
      if (signal.aborted) end();
      else signal.addEventListener("abort", end, { once: true });
    });
  } finally {
    // Not waited for: a server that hangs does not answer this either.
    client.end().catch(() => {});
  }
}
