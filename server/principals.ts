import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { operator, type Principal } from "../lib/contract/principal.ts";
import type { Secrets } from "./secrets.ts";
import { readCookie, secureSessionCookieName, sessionCookieName, verifySession } from "./session-cookie.ts";

/**
 * Who asks: the bearer token decides when there is one, else the session cookie.
 * Null when neither holds.
 */
export function resolvePrincipal(
  headers: Pick<IncomingHttpHeaders, "authorization" | "cookie">,
  secrets: Pick<Secrets, "tokenHash" | "sessionSecret">,
): Principal | null {
  if (headers.authorization !== undefined) {
    const token = /^Bearer +(\S+) *$/i.exec(headers.authorization)?.[1];
    return token !== undefined && isOperatorToken(token, secrets.tokenHash) ? operator : null;
  }
  const cookie = readCookie(headers.cookie, secureSessionCookieName) ?? readCookie(headers.cookie, sessionCookieName);
  const id = cookie === null ? null : verifySession(cookie, secrets.sessionSecret);
  return id === operator.id ? operator : null;
}

/** Compares a token with the stored SHA-256 digest (hexadecimal) in constant time. */
export function isOperatorToken(token: string, tokenHash: string): boolean {
  return timingSafeEqual(createHash("sha256").update(token).digest(), Buffer.from(tokenHash, "hex"));
}
