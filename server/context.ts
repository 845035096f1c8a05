import type { Logger } from "pino";
import type { Config } from "../lib/config.ts";
import type { RecentResults } from "../lib/recent-results.ts";
import type { Store } from "../lib/store/store.ts";
import type { OperationWaiter } from "../lib/store/wait-for-operation.ts";
import type { People } from "./auth/people.ts";
import type { Availability } from "./availability.ts";
import type { Callers } from "./callers.ts";
import type { EventHub } from "./event-hub.ts";
import type { OpenStreams } from "./open-streams.ts";
import type { Principals } from "./principals.ts";
import type { RateLimit } from "./rate-limit.ts";
import type { RequestStorage } from "./request-context.ts";
import type { Secrets } from "./secrets.ts";
import type { StatsHub } from "./stats-hub.ts";
import type { Strangers } from "./strangers.ts";
import type { TicketHolders } from "./stream/ticket-holders.ts";
import type { TlsKeeper } from "./tls-state.ts";

/** Everything that requests share in this process. */
export interface WebContext {
  config: Config;
  secrets: Secrets;
  log: Logger;
  startedAt: number;
  workerSocket: string;
  store: Store;
  waiter: OperationWaiter;
  database: Availability;
  tls: TlsKeeper;
  callers: Callers;
  principals: Principals;
  people: People;
  openStreams: OpenStreams;
  ticketHolders: TicketHolders;
  events: EventHub;
  results: RecentResults;
  stats: StatsHub;
  /** Failed sign-in attempts, by peer address. */
  signInAttempts: RateLimit;
  /** Failed attempts to sign in with a password, by e-mail address. */
  passwordAttempts: RateLimit;
  /** Which refusals of unknown callers the audit tells of. */
  strangers: Strangers;
  requests: RequestStorage;
  /** Aborted when the process is about to end: streams close on it. */
  stopping: AbortSignal;
}

declare global {
  var minirunWeb: WebContext | undefined;
}

/**
 * Next bundles app/ apart from server/, so that a module is loaded twice in one process;
 * what both must share hangs on globalThis.
 */
export function webContext(): WebContext {
  if (!globalThis.minirunWeb) throw new Error("the web server has not been started: run ./minirun up");
  return globalThis.minirunWeb;
}
