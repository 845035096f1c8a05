import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { type Credential, operator, type Principal } from "../lib/contract/principal.ts";
import type { Secrets } from "./secrets.ts";
import { readCookie, secureSessionCookieName, sessionCookieName, verifySession } from "./session-cookie.ts";

/** What of a request may say who asks. */
export type Credentials = Pick<IncomingHttpHeaders, "authorization" | "cookie">;

/**
 * Knows one kind of credentials. `bearer` resolvers are asked about the token of an Authorization header, `cookie` ones
 * about the Cookie header, and only of requests without an Authorization header.
 */
export interface PrincipalResolver {
  by: "bearer" | "cookie";
  /** What it makes of them. */
  kind: Credential["kind"];
  /** Null when it is none of its kind, or holds no longer. Rejects with a ProblemError when that can't be said now. */
  resolve(text: string): Promise<Principal | null>;
  /** The principal of a credential that held before, by its id: as it is now, or null when it holds no longer. */
  renew(credential: Credential): Promise<Principal | null>;
}

/** Knows who asks: the bearer token decides when there is one, else the cookies. */
export interface Principals {
  /** Null when the credentials do not hold. Rejects with a ProblemError when that can't be said now. */
  resolve(credentials: Credentials): Promise<Principal | null>;
  /** The same of a principal that was known before. */
  renew(principal: Principal): Promise<Principal | null>;
}

/**
 * The operator is known at once, whatever else is away; everybody else by the first resolver that knows them. `isEnded`
 * says of the operator's cookies, by their credential's id, which were signed out.
 */
export function createPrincipals(
  secrets: Pick<Secrets, "tokenHash" | "sessionSecret">,
  resolvers: readonly PrincipalResolver[],
  isEnded: (credential: string) => boolean = () => false,
): Principals {
  return {
    async resolve(credentials) {
      const local = resolveOperator(credentials, secrets);
      if (local) return isEnded(local.credential.id) ? null : local;
      const by = credentials.authorization === undefined ? "cookie" : "bearer";
      const text = by === "cookie" ? credentials.cookie : bearerToken(credentials);
      if (!text) return null;
      for (const resolver of resolvers) {
        const principal = resolver.by === by ? await resolver.resolve(text) : null;
        if (principal) return principal;
      }
      return null;
    },
    async renew(principal) {
      const { kind, expiresAt } = principal.credential;
      if (expiresAt !== null && Date.parse(expiresAt) <= Date.now()) return null;
      if (kind === "operator") return isEnded(principal.credential.id) ? null : principal;
      return (await resolvers.find((one) => one.kind === kind)?.renew(principal.credential)) ?? null;
    },
  };
}

/** The local operator, by token or signed cookie: needs neither database nor worker. */
function resolveOperator(
  credentials: Credentials,
  { tokenHash, sessionSecret }: Pick<Secrets, "tokenHash" | "sessionSecret">,
): Principal | null {
  if (credentials.authorization !== undefined) {
    const token = bearerToken(credentials);
    return token !== null && isOperatorToken(token, tokenHash) ? operator : null;
  }
  const { cookie } = credentials;
  const value = readCookie(cookie, secureSessionCookieName) ?? readCookie(cookie, sessionCookieName);
  const session = value === null ? null : verifySession(value, sessionSecret);
  if (session?.principal !== operator.id) return null;
  return { ...operator, credential: { kind: "operator", id: session.id, expiresAt: session.expiresAt } };
}

function bearerToken({ authorization = "" }: Credentials): string | null {
  return /^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? null;
}

/** Compares a token with the stored SHA-256 digest (hexadecimal) in constant time. */
export function isOperatorToken(token: string, tokenHash: string): boolean {
  return timingSafeEqual(createHash("sha256").update(token).digest(), Buffer.from(tokenHash, "hex"));
}
