import { AsyncLocalStorage } from "node:async_hooks";
import type { Logger } from "pino";
import { type Config, paths } from "../lib/config.ts";
import { createRecentResults } from "../lib/recent-results.ts";
import { databaseConfig } from "../lib/store/database-config.ts";
import { openStore, type Store } from "../lib/store/store.ts";
import { createOperationWaiter } from "../lib/store/wait-for-operation.ts";
import { createPeople } from "./auth/people.ts";
import { createAvailability } from "./availability.ts";
import { createCallers } from "./callers.ts";
import type { WebContext } from "./context.ts";
import { createEventHub } from "./event-hub.ts";
import { createOpenStreams } from "./open-streams.ts";
import { createPrincipals } from "./principals.ts";
import { createRateLimit } from "./rate-limit.ts";
import type { Secrets } from "./secrets.ts";
import { probeWithinMs, timedOut, within } from "./services/through-database.ts";
import { createStatsHub } from "./stats-hub.ts";
import { createStrangers } from "./strangers.ts";
import { createTicketHolders } from "./stream/ticket-holders.ts";
import { createTlsKeeper } from "./tls-state.ts";

/** Opens what requests need and publishes it. Neither database nor worker has to be there yet. */
export function createWebContext(config: Config, secrets: Secrets, log: Logger, stopping: AbortSignal): WebContext {
  const external = secrets.databaseUrl ?? config.databaseUrl;
  const store = openStore(databaseConfig({ ...config, databaseUrl: external }, "web"), config.databasePool);
  const workerSocket = paths(config).workerSocket;
  const tls = createTlsKeeper(config.tls.port, log);
  const events = createEventHub(workerSocket, stopping, log);
  const database = createAvailability(() => askDatabase(store, log), stopping);
  const people = createPeople({ config, secrets, store, database, log });
  const principals = createPrincipals(secrets, [events.access.resolver, people.sessions], events.access.isEnded);
  const openStreams = createOpenStreams(principals, stopping, log);
  events.access.onChange(() => void openStreams.look());
  const context: WebContext = {
    config,
    secrets,
    log,
    startedAt: Date.now(),
    workerSocket,
    store,
    waiter: createOperationWaiter(store),
    database,
    tls,
    callers: createCallers(config, tls),
    principals,
    people,
    openStreams,
    ticketHolders: createTicketHolders(),
    events,
    results: createRecentResults(),
    stats: createStatsHub(workerSocket, stopping, log),
    signInAttempts: createRateLimit({ attempts: 10, windowMs: 60_000 }),
    passwordAttempts: createRateLimit({ attempts: 20, windowMs: 5 * 60_000 }),
    strangers: createStrangers(),
    requests: new AsyncLocalStorage(),
    stopping,
  };
  globalThis.minirunWeb = context;
  return context;
}

/** Resolves when the database answers, with its schema in place. */
async function askDatabase({ pool }: Store, log: Logger): Promise<void> {
  const answer = await within(probeWithinMs, pool.query("SELECT FROM nodes LIMIT 1"));
  if (answer === timedOut) throw new Error("no answer");
  log.info("the database is back");
}

/** Closes what {@link createWebContext} opened. */
export async function closeWebContext(context: WebContext): Promise<void> {
  await context.waiter.close();
  await context.store.close();
}
