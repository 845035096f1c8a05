import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { deleteOldStatistics, insertStatistics, rollUpStatistics } from "../../lib/store/statistics.ts";
import type { Context } from "../context.ts";

const writeEveryMs = 5_000;
const rollUpEveryMs = 60_000;
/** So many points go into one statement. */
const batch = 5_000;
/** What an earlier worker may have written and not rolled up any more. */
const lookBackSeconds = 15 * 60;

/**
 * Carries the history from memory into the database, rolls it up and deletes what is old, until the signal aborts.
 * Rejects when the database goes away: what was not written then waits in memory, for fifteen minutes.
 */
export async function runStatistics({ config, history }: Context, pool: pg.Pool, signal: AbortSignal): Promise<void> {
  let rollUpFrom = Math.floor(Date.now() / 1000) - lookBackSeconds;
  let rolledUpAt = 0;
  const write = async () => {
    const rows = history.unwritten().sort((a, b) => a.second - b.second);
    for (let at = 0; at < rows.length; at += batch) await insertStatistics(pool, rows.slice(at, at + batch));
    const first = rows[0]?.second;
    const last = rows.at(-1)?.second;
    if (first === undefined || last === undefined) return;
    history.written(last);
    rollUpFrom = Math.min(rollUpFrom, first);
  };
  while (!signal.aborted) {
    await write();
    if (Date.now() - rolledUpAt >= rollUpEveryMs) {
      const now = Math.floor(Date.now() / 1000);
      await rollUpStatistics(pool, rollUpFrom);
      await deleteOldStatistics(pool, config.node);
      rollUpFrom = now;
      rolledUpAt = Date.now();
    }
    await sleep(writeEveryMs, undefined, { signal }).catch(() => {});
  }
}
