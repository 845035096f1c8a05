import type { IncomingMessage, ServerResponse } from "node:http";

const methods = "GET, HEAD, POST, PUT, PATCH, DELETE";
const requestHeaders = "authorization, content-type, idempotency-key, if-match, if-none-match, last-event-id, prefer";
const responseHeaders = "etag, location, preference-applied, retry-after, x-request-id";
const preflightSeconds = 600;

/**
 * Lets pages of listed origins read the API's answers (the Fetch standard's CORS protocol). Credentials are allowed to
 * them by name, and nobody by `*`. Returns whether the request was a preflight, which is answered with that.
 */
export function answerCors(request: IncomingMessage, response: ServerResponse, origins: readonly string[]): boolean {
  const { origin } = request.headers;
  if (origin === undefined || !origins.includes(origin.toLowerCase())) return false;
  response.setHeader("access-control-allow-origin", origin);
  response.setHeader("access-control-allow-credentials", "true");
  response.setHeader("access-control-expose-headers", responseHeaders);
  if (request.method !== "OPTIONS" || request.headers["access-control-request-method"] === undefined) return false;
  response.setHeader("access-control-allow-methods", methods);
  response.setHeader("access-control-allow-headers", requestHeaders);
  response.setHeader("access-control-max-age", preflightSeconds);
  response.writeHead(204).end();
  return true;
}
