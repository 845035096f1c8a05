import { z } from "zod";
import { callWorker } from "../../lib/client/worker.ts";
import { operator } from "../../lib/contract/principal.ts";
import { fail } from "../../lib/contract/problem.ts";
import type { SignIn } from "../../lib/contract/sign-in.ts";
import type { WebContext } from "../context.ts";
import { isOperatorToken } from "../principals.ts";
import type { RequestContext } from "../request-context.ts";
import { sessionCookie, signSession } from "../session-cookie.ts";
import { limited } from "./limited.ts";

const Redeemed = z.object({ principal: z.string() });

/**
 * Exchanges the operator token or a one-time link's code for a session cookie (a `Set-Cookie` value).
 * Throws unauthenticated, link-not-found, or too-many-requests after ten failures from one address in a minute.
 */
export async function signIn(context: WebContext, body: SignIn, { remote, secure }: RequestContext): Promise<string> {
  return limited(context.signInAttempts, remote, async () => {
    const principal = "token" in body ? byToken(context, body.token) : await byCode(context, body.code);
    context.signInAttempts.reset(remote);
    return sessionCookie(signSession(principal, context.secrets.sessionSecret), secure);
  });
}

function byToken({ secrets }: WebContext, token: string): string {
  if (isOperatorToken(token.trim(), secrets.tokenHash)) return operator.id;
  throw fail("unauthenticated", "That is not the operator token", "the token is another one", {
    remedy: "`./minirun token` prints it, on the machine that MiniRun runs on.",
  });
}

async function byCode({ workerSocket }: WebContext, code: string): Promise<string> {
  const answer = await callWorker(workerSocket, "POST", "/links/redeem", { code }, { timeoutMs: 5_000 });
  return Redeemed.parse(answer).principal;
}
