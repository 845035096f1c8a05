import type { AsyncLocalStorage } from "node:async_hooks";
import type { Principal } from "../lib/contract/principal.ts";
import type { Problem } from "../lib/contract/problem.ts";
import type { AuditNote } from "./audit.ts";
import { webContext } from "./context.ts";

/** What is known of the request that is being answered: made by the server, read by route handlers and pages. */
export interface RequestContext {
  id: string;
  /** Null when the request brought no credentials that hold. */
  principal: Principal | null;
  /** Why it could not be found out whether the credentials hold; null when it could. */
  credentialProblem: Problem | null;
  /** Address of the client; behind a trusted proxy, the one that the proxy names. */
  remote: string;
  /** Whether the client came by TLS: then cookies are for TLS alone. */
  secure: boolean;
  /** Scheme, host and port by which the client reaches this server. */
  origin: string;
  cookie: string | undefined;
  userAgent: string | undefined;
  /** What those who serve it add to its entry in the audit. */
  note: AuditNote;
}

export type RequestStorage = AsyncLocalStorage<RequestContext>;

/** The request that is being answered. Throws outside of one. */
export function currentRequest(): RequestContext {
  const request = webContext().requests.getStore();
  if (!request) throw new Error("there is no current request: this code must run below the web server's handler");
  return request;
}
