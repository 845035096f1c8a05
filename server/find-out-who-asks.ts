import type { IncomingHttpHeaders } from "node:http";
import { operator, type Principal } from "../lib/contract/principal.ts";
import type { Caller } from "./callers.ts";
import type { WebContext } from "./context.ts";
import type { Asker } from "./permission.ts";
import { problemOf } from "./problems.ts";

/** Whoever asks on this machine while MiniRun runs with --no-auth. */
const anybody: Principal = { ...operator, credential: { kind: "operator", id: "no-auth", expiresAt: null } };

/** Who asks, by the request's credentials; what keeps that from being found out matters only where somebody must be known. */
export async function findOutWhoAsks(
  { principals, config }: Pick<WebContext, "principals" | "config">,
  headers: IncomingHttpHeaders,
  caller: Caller,
): Promise<Asker> {
  if (config.noAuth && isOpenTo(caller, headers)) return { principal: anybody, credentialProblem: null };
  try {
    return { principal: await principals.resolve(headers), credentialProblem: null };
  } catch (error) {
    const credentialProblem = problemOf(error);
    if (!credentialProblem) throw error;
    return { principal: null, credentialProblem };
  }
}

/**
 * Requests that never left this machine and bring no token: one that is wrong stays wrong. A page of another site that
 * somebody here looks at makes them, too; what it reads no cookie protects here.
 */
function isOpenTo({ local }: Caller, { authorization, "sec-fetch-site": site }: IncomingHttpHeaders): boolean {
  return local && authorization === undefined && site !== "cross-site";
}
