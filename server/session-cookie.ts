import { createHash, createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import * as z from "zod";

export const sessionCookieName = "minirun_session";
/** The same for clients that come by TLS: browsers take this prefix from this very host alone, and never over HTTP. */
export const secureSessionCookieName = `__Host-${sessionCookieName}`;
const lifetimeSeconds = 30 * 24 * 60 * 60;

const Claims = z.object({ principal: z.string(), issued: z.int(), expires: z.int() });

/** A cookie value that says who signed in: base64url JSON, a dot, and its HMAC-SHA-256. Times are Unix seconds. */
export function signSession(principal: string, secretHex: string, now = Date.now()): string {
  const issued = Math.floor(now / 1000);
  const claims = { id: randomUUID(), principal, issued, expires: issued + lifetimeSeconds };
  const payload = Buffer.from(JSON.stringify(claims)).toString("base64url");
  return `${payload}.${mac(payload, secretHex).toString("base64url")}`;
}

/** Whom a cookie signs in; `id` names the very cookie. */
export interface SignedSession {
  id: string;
  principal: string;
  expiresAt: string;
}

/** What a cookie value says, or null when it was not made by us or has expired. */
export function verifySession(value: string, secretHex: string, now = Date.now()): SignedSession | null {
  const [payload, signature, ...rest] = value.split(".");
  if (!payload || !signature || rest.length > 0) return null;
  const given = Buffer.from(signature, "base64url");
  const expected = mac(payload, secretHex);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  const claims = Claims.parse(JSON.parse(Buffer.from(payload, "base64url").toString()));
  const { principal, expires } = claims;
  if (expires <= now / 1000) return null;
  const id = createHash("sha256").update(payload).digest("base64url");
  return { id, principal, expiresAt: new Date(expires * 1000).toISOString() };
}

function mac(payload: string, secretHex: string): Buffer {
  return createHmac("sha256", Buffer.from(secretHex, "hex")).update(`session:${payload}`).digest();
}

/** `Set-Cookie` that signs in: out of reach of scripts, and never sent along by another site's page. */
export function sessionCookie(value: string, secure: boolean): string {
  return setCookie(value, lifetimeSeconds, secure);
}

/** `Set-Cookie` that signs out. */
export function clearedSessionCookie(secure: boolean): string {
  return setCookie("", 0, secure);
}

function setCookie(value: string, maxAge: number, secure: boolean): string {
  const name = secure ? secureSessionCookieName : sessionCookieName;
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAge}${secure ? "; Secure" : ""}`;
}

/** One cookie of a `Cookie` header, or null. */
export function readCookie(header: string | undefined, name: string): string | null {
  for (const part of header?.split(";") ?? []) {
    const equals = part.indexOf("=");
    if (equals > 0 && part.slice(0, equals).trim() === name) return part.slice(equals + 1).trim();
  }
  return null;
}
