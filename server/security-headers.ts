import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Caller } from "./callers.ts";

const everywhere = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
};

const yearSeconds = 365 * 24 * 60 * 60;

/** Sets the headers that every answer carries, and the policy for an answer that is no page. */
export function setSecurityHeaders(response: ServerResponse, { secure, host }: Pick<Caller, "secure" | "host">): void {
  // It holds for every port of a name: localhost belongs to other programs, too. Addresses take none (RFC 6797, 8.1.1).
  if (secure && !/^localhost(?::|$)/.test(host)) {
    response.setHeader("strict-transport-security", `max-age=${yearSeconds}`);
  }
  for (const [name, value] of Object.entries(everywhere)) response.setHeader(name, value);
  response.setHeader("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
}

/**
 * Sets the policy of a page: scripts only with a nonce of this very answer.
 * Next reads the nonce from the request's own header and puts it on its scripts. Styles may stand inline:
 * xterm.js and sonner insert style elements, which cannot carry a nonce.
 */
export function setPagePolicy(request: IncomingMessage, response: ServerResponse, development: boolean): void {
  const nonce = randomBytes(16).toString("base64");
  const host = request.headers.host ?? "";
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self' ws://${host} wss://${host}`,
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
  request.headers["content-security-policy"] = policy;
  response.setHeader("content-security-policy", policy);
}
