import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "../lib/client/api.ts";
import { readServerSentEvents } from "../lib/client/server-sent-events.ts";
import { ProblemError } from "../lib/contract/problem.ts";
import { StatsSnapshot } from "../lib/contract/stats.ts";

/** How long a source that was lost is looked for. */
const patienceMilliseconds = 60_000;

/**
 * A snapshot of host and containers about every second, until `signal` aborts. A stream that breaks is opened again for
 * a minute; `onLost` hears of it.
 */
export async function* watchStats(
  client: Client,
  { signal, onLost }: { signal: AbortSignal; onLost: (error: unknown) => void },
): AsyncGenerator<StatsSnapshot> {
  let lastHeard: number | null = null;
  while (!signal.aborted) {
    try {
      const response = await client.open("getAllStats", {
        query: { follow: true },
        accept: "text/event-stream",
        signal,
      });
      if (response.body) {
        for await (const { event, data } of readServerSentEvents(response.body)) {
          if (event !== "message" && event !== "stats") continue;
          lastHeard = Date.now();
          yield StatsSnapshot.parse(JSON.parse(data));
        }
      }
    } catch (error) {
      if (signal.aborted) return;
      const refused = error instanceof ProblemError && error.problem.status < 500;
      if (refused || lastHeard === null || Date.now() - lastHeard > patienceMilliseconds) throw error;
      onLost(error);
    }
    await sleep(1000, undefined, { signal }).catch(() => {});
  }
}
