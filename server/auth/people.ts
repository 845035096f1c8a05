import { hkdfSync } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { isAPIError } from "better-auth/api";
import { hashPassword, verifyPassword } from "better-auth/crypto";
import type { ProviderName } from "../../lib/contract/person.ts";
import { fail } from "../../lib/contract/problem.ts";
import type { WebContext } from "../context.ts";
import { databaseWithinMs, timedOut, within } from "../services/through-database.ts";
import { clearedSessionCookie } from "../session-cookie.ts";
import { clearedCookies } from "./cleared-cookies.ts";
import { type Auth, addressHeader, callbackPath, createAuth } from "./create-auth.ts";
import { withDatabase } from "./database-away.ts";
import { providerConfig } from "./providers.ts";
import { createSessions, type Sessions } from "./sessions.ts";

/** What signing in and out needs of a request. */
export interface Visitor {
  /** Scheme, host and port by which the client reaches this server. */
  origin: string;
  /** The client's address. */
  remote: string;
  cookie: string | undefined;
  userAgent: string | undefined;
}

/** People's sign-in, made of better-auth. What returns strings returns `Set-Cookie` values. */
export interface People {
  sessions: Sessions;
  /** Throws unauthenticated for a wrong address or password alike, forbidden for who is disabled, database-unavailable. */
  signIn(visitor: Visitor, email: string, password: string): Promise<string[]>;
  signOut(visitor: Visitor): Promise<string[]>;
  /** Where the browser has to go, and what it has to keep meanwhile. Throws provider-unavailable, database-unavailable. */
  begin(visitor: Visitor, provider: ProviderName, next: string): Promise<{ url: string; cookies: string[] }>;
  /** Answers a browser that comes back from a provider: signed in, or to the sign-in page with why not. */
  callback(visitor: Visitor, request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** What the browser of a session should keep from now on: due once an hour, and what lets the session go on. */
  renew(visitor: Visitor): Promise<string[]>;
  hashPassword(password: string): Promise<string>;
  verifyPassword(hash: string, password: string): Promise<boolean>;
}

type Parts = Pick<WebContext, "config" | "secrets" | "store" | "database" | "log">;

/** A name that leads here has an instance, and one a provider. Hosts are checked before, so there are few. */
const maxInstances = 64;
const discoveryWithinMs = 5_000;
const renewEveryMs = 60 * 60 * 1000;
const maxRenewed = 5_000;

export function createPeople(parts: Parts): People {
  const { config, secrets, store, log } = parts;
  const key = Buffer.from(secrets.sessionSecret, "hex");
  const secret = Buffer.from(hkdfSync("sha256", key, "", "minirun people's sessions", 32)).toString("hex");
  const instances = new Map<string, Auth>();
  const sessions = createSessions({ ...parts, secret });
  const renewedAt = new Map<string, number>();

  const authFor = (origin: string, provider: ProviderName | null = null): Auth => {
    const name = `${provider ?? ""} ${origin}`;
    const known = instances.get(name);
    if (known) return known;
    const oauth = provider && providerConfig(provider, { config, secrets });
    const admits = (email: string) => isAllowed(email, (provider && config.signIn[provider]?.allowedDomains) || []);
    const auth = createAuth({ prisma: store.prisma, secret, origin, log, provider: oauth, admits });
    // A provider that can't be discovered is tried anew by the next sign-in; nobody else hears of it.
    auth.$context.catch(() => instances.delete(name));
    const oldest = instances.keys().next();
    if (instances.size >= maxInstances && !oldest.done) instances.delete(oldest.value);
    instances.set(name, auth);
    return auth;
  };

  /** An instance whose provider has answered and is who the settings say. */
  const authWith = async (origin: string, provider: ProviderName): Promise<Auth> => {
    const auth = authFor(origin, provider);
    const ready = await within(discoveryWithinMs, auth.$context).catch(() => null);
    const found = ready && ready !== timedOut && ready.socialProviders.find(({ id }) => id === provider);
    const issuer = config.signIn.oidc?.issuer;
    if (found && (provider !== "oidc" || found.issuer === issuer)) return auth;
    instances.delete(`${provider} ${origin}`);
    const why = found
      ? `it calls itself ${JSON.stringify(found.issuer)}, and MINIRUN_OIDC_ISSUER says ${JSON.stringify(issuer)}`
      : "its discovery document did not come, or lacks endpoints, issuer or keys";
    log.warn({ part: "sign-in", provider }, `the identity provider cannot be used: ${why}`);
    throw fail("provider-unavailable", "The identity provider cannot be used", why, {
      remedy: "Try again later, or sign in another way; `./minirun token --link` always works.",
    });
  };

  const renew = async (visitor: Visitor): Promise<string[]> => {
    const id = sessions.idIn(visitor.cookie);
    if (id === null || !parts.database.available || Date.now() - (renewedAt.get(id) ?? 0) < renewEveryMs) return [];
    renewedAt.delete(id);
    renewedAt.set(id, Date.now());
    const oldest = renewedAt.keys().next();
    if (renewedAt.size > maxRenewed && !oldest.done) renewedAt.delete(oldest.value);
    const { headers } = await withDatabase(parts, () =>
      authFor(visitor.origin).api.getSession({
        headers: headersOf(visitor),
        query: { disableCookieCache: true },
        returnHeaders: true,
      }),
    );
    return headers.getSetCookie();
  };

  return {
    sessions,
    hashPassword,
    verifyPassword: (hash, password) => verifyPassword({ hash, password }),
    renew: (visitor) =>
      renew(visitor).catch((error: unknown) => {
        log.debug({ err: error, part: "sign-in" }, "a session could not be renewed");
        return [];
      }),
    async signIn(visitor, email, password) {
      const api = authFor(visitor.origin).api;
      const request = { body: { email, password }, headers: headersOf(visitor), returnHeaders: true } as const;
      const { headers } = await withDatabase(parts, () => api.signInEmail(request).catch(explainRefusal));
      return headers.getSetCookie();
    },
    async signOut(visitor) {
      const id = sessions.idIn(visitor.cookie);
      if (id !== null) sessions.forget({ sessionId: id });
      const api = authFor(visitor.origin).api;
      const ended = await within(databaseWithinMs, api.signOut({ headers: headersOf(visitor), returnHeaders: true }));
      return ended === timedOut ? clearedCookies(visitor.origin) : ended.headers.getSetCookie();
    },
    async begin(visitor, provider, next) {
      const auth = await authWith(visitor.origin, provider);
      const body = { provider, callbackURL: next, errorCallbackURL: "/sign-in", disableRedirect: true };
      const request = { body, headers: headersOf(visitor), returnHeaders: true } as const;
      const { headers, response } = await withDatabase(parts, () => auth.api.signInSocial(request));
      if (!response.url) throw new Error("better-auth gave no address to go to");
      return { url: response.url, cookies: headers.getSetCookie() };
    },
    async callback(visitor, request, response) {
      const target = new URL(request.url ?? "", visitor.origin);
      const provider = target.pathname.slice(callbackPath.length);
      const answer = await answerCallback(async () => {
        if (provider !== "oidc" && provider !== "github") return null;
        const auth = await authWith(visitor.origin, provider);
        return auth.handler(new Request(target, { headers: headersOf(visitor) }));
      }, log);
      const cookies = answer?.headers.getSetCookie() ?? [];
      const location = localOnly(answer?.headers.get("location") ?? "/sign-in?error=provider", visitor.origin);
      if (cookies.some((cookie) => cookie.includes(".session_token="))) {
        cookies.push(clearedSessionCookie(visitor.origin.startsWith("https:")));
      }
      for (const value of cookies) response.appendHeader("set-cookie", value);
      response.writeHead(302, { location, "cache-control": "no-store" }).end();
    },
  };
}

/** Verified addresses of these domains may come in without an invitation; with none listed, nobody. */
function isAllowed(email: string, domains: readonly string[]): boolean {
  const at = email.lastIndexOf("@");
  return at > 0 && domains.includes(email.slice(at + 1).toLowerCase());
}

function headersOf({ remote, cookie, userAgent }: Visitor): Headers {
  return new Headers({
    [addressHeader]: remote,
    ...(cookie !== undefined && { cookie }),
    ...(userAgent !== undefined && { "user-agent": userAgent.slice(0, 500) }),
  });
}

async function answerCallback(ask: () => Promise<Response | null>, log: WebContext["log"]): Promise<Response | null> {
  try {
    return await ask();
  } catch (error) {
    log.warn({ err: error, part: "sign-in" }, "a provider's answer could not be used");
    return null;
  }
}

/** The sign-in page or a page of ours, without the provider's own words: anyone could have put them there. */
function localOnly(location: string, origin: string): string {
  const target = new URL(location, origin);
  if (target.origin !== origin) return "/sign-in?error=provider";
  target.searchParams.delete("error_description");
  return target.pathname + target.search;
}

function explainRefusal(error: unknown): never {
  if (!isAPIError(error) || error.statusCode >= 500) throw error;
  if (error.body?.code === "disabled") {
    throw fail("forbidden", "This account is disabled", "an administrator has disabled it", {
      remedy: "Ask an administrator to enable it again.",
    });
  }
  throw fail("unauthenticated", "That did not fit", "the e-mail address or the password is another one", {
    remedy: "Ask an administrator for a new link when you have forgotten the password.",
  });
}
