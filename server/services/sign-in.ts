import * as z from "zod";
import { callWorker } from "../../lib/client/worker.ts";
import { operator } from "../../lib/contract/principal.ts";
import { fail } from "../../lib/contract/problem.ts";
import type { SignIn } from "../../lib/contract/sign-in.ts";
import { type AuditNote, principalOf } from "../audit.ts";
import { clearedCookies } from "../auth/cleared-cookies.ts";
import { providerLabels } from "../auth/provider-labels.ts";
import type { WebContext } from "../context.ts";
import { isOperatorToken } from "../principals.ts";
import { networkOf } from "../rate-limit.ts";
import type { RequestContext } from "../request-context.ts";
import { clearedSessionCookie, sessionCookie, signSession } from "../session-cookie.ts";
import { limited } from "./limited.ts";

const Redeemed = z.object({ principal: z.string() });

/**
 * Exchanges a password, the operator token or a one-time link's code for a session: answers `Set-Cookie` values, which
 * also end what the browser was signed in as before. Throws unauthenticated, forbidden, link-not-found,
 * database-unavailable, or too-many-requests after ten failures from one network in a minute or twenty for one e-mail
 * address in five. Who gets in takes back the failures for the account, but not those from the network: they may be
 * another's, or one's own tries at other accounts.
 */
export async function signIn(context: WebContext, body: SignIn, current: RequestContext): Promise<string[]> {
  const { remote, secure, note } = current;
  note.credential = shownIn(body);
  return limited(context.signInAttempts, networkOf(remote), async () => {
    const cookies =
      "email" in body
        ? [...(await byPassword(context, body, current)), clearedSessionCookie(secure)]
        : [...(await asOperator(context, body, current)), ...clearedCookies(current.origin)];
    const principal = "email" in body ? await principalOf(context, cookies) : operator;
    if (principal) note.principal = principal;
    return cookies;
  });
}

/** What the audit tells of what was shown: never the secret. */
function shownIn(body: SignIn): AuditNote["credential"] {
  if ("email" in body) return { kind: "password", id: body.email.trim().toLowerCase().slice(0, 200) };
  return "token" in body ? { kind: "operator", id: "operator-token" } : { kind: "link", id: "one-time" };
}

type ByPassword = Extract<SignIn, { email: string }>;

function byPassword(
  { people, passwordAttempts }: WebContext,
  { email, password }: ByPassword,
  current: RequestContext,
): Promise<string[]> {
  const key = email.trim().toLowerCase();
  return limited(passwordAttempts, key, async () => {
    const cookies = await people.signIn(current, key, password);
    passwordAttempts.reset(key);
    return cookies;
  });
}

async function asOperator(
  context: WebContext,
  body: Exclude<SignIn, ByPassword>,
  { secure }: RequestContext,
): Promise<string[]> {
  const principal = "token" in body ? byToken(context, body.token) : await byCode(context, body.code);
  return [sessionCookie(signSession(principal, context.secrets.sessionSecret), secure)];
}

/** Begins to sign in through a provider: where the browser has to go, and what it has to keep. */
export async function beginSignIn(context: WebContext, provider: string, next: string, current: RequestContext) {
  const known = providerLabels(context.config).find(({ id }) => id === provider);
  if (!known) {
    throw fail("not-found", "There is no such provider", `the settings name no provider ${JSON.stringify(provider)}`);
  }
  if (context.secrets.unusableProviders.includes(known.id)) {
    const why = "MiniRun cannot read the client secret that it has to show there";
    throw fail("provider-unavailable", "The identity provider cannot be used", why, {
      remedy: "`./minirun up` says which file is meant; meanwhile sign in another way.",
    });
  }
  return context.people.begin(current, known.id, next);
}

/** Ends the browser's session, whoever's it is; answers `Set-Cookie` values. */
export async function signOut({ people, openStreams }: WebContext, current: RequestContext): Promise<string[]> {
  const { principal, secure } = current;
  const cookies = await people.signOut(current);
  if (principal?.credential.kind === "session") openStreams.revoke({ credential: principal.credential.id });
  return [...cookies, clearedSessionCookie(secure)];
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
