import type pg from "pg";
import type { StoredToken } from "../../lib/contract/access.ts";
import { readPeople } from "../../lib/store/people.ts";
import { readTokens, writeTokens } from "../../lib/store/tokens.ts";
import type { Context } from "../context.ts";

/**
 * Brings this node's knowledge of who may ask and the database's together: tokens either way, people from there.
 * Resolves when the signal aborts; rejects when the database goes away.
 */
export async function runAccess({ access }: Context, pool: pg.Pool, signal: AbortSignal): Promise<void> {
  let written = new Map<string, StoredToken>();
  const sync = async () => {
    const tokens = [...access.current.tokens];
    await writeTokens(
      pool,
      tokens.filter((token) => written.get(token.id) !== token),
    );
    written = new Map(tokens.map((token) => [token.id, token]));
  };
  await sync();
  await access.merge(await readPeople(pool), await readTokens(pool));
  await new Promise<void>((resolve, reject) => {
    let syncing = Promise.resolve();
    const stop = access.onChange(() => {
      syncing = syncing.then(sync);
      syncing.catch(reject);
    });
    const end = () => {
      stop();
      resolve(syncing);
    };
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
}
