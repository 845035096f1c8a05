import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "../../lib/store/connection.ts";
import type { DatabaseConfig } from "../../lib/store/database-config.ts";

const heartbeatMs = 15_000;

/**
 * Notices that the database has gone, also while there is nothing to do: at once when the connection breaks, and by
 * the heartbeat when the server hangs. Rejects then; resolves when the signal aborts.
 */
export async function runPresence(
  database: DatabaseConfig,
  heartbeat: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const client = await connect(database, "minirun-presence");
  const broken = new Promise<never>((_, reject) => {
    client.on("error", reject);
    client.on("end", () => reject(new Error("the connection to the database has ended")));
  });
  try {
    await Promise.race([broken, beat(heartbeat, signal)]);
  } finally {
    // Not waited for: a server that hangs does not answer this either.
    client.end().catch(() => {});
  }
}

async function beat(heartbeat: () => Promise<void>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await sleep(heartbeatMs, undefined, { signal }).catch(() => {});
    if (!signal.aborted) await heartbeat();
  }
}
