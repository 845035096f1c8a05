import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Caller } from "./callers.ts";
import type { WebContext } from "./context.ts";

/** What answers by plain HTTP also where there is HTTPS: load balancers' probes know no certificate. */
const isProbe = (path: string) => path === "/health" || path === "/api/v1/health";

/**
 * Where a request that came by plain HTTP should have gone; null when it may stay. Programs on this machine may use
 * plain HTTP: what they send never leaves it. A trusted proxy answers for its own clients.
 */
export function secureAddress(
  { tls }: Pick<WebContext, "tls">,
  { secure, proxied, local, host }: Caller,
  request: Pick<IncomingMessage, "url" | "headers">,
): string | null {
  if (!tls.certificate || secure || proxied) return null;
  const target = request.url ?? "/";
  const isPage = (request.headers.accept ?? "").includes("text/html");
  if (!isPage && (local || isProbe(target.split("?", 1)[0] ?? ""))) return null;
  const name = host.replace(/:\d+$/, "");
  return `https://${name}${tls.port === 443 ? "" : `:${tls.port}`}${target}`;
}

/** 308: the method and the body come along. */
export function redirect(response: ServerResponse, location: string): void {
  response.writeHead(308, { location, "cache-control": "no-store", "content-length": 0 }).end();
}

/** The same on a connection that asked for an upgrade. */
export function redirectRaw(socket: Duplex, location: string): void {
  socket.end(
    `HTTP/1.1 308 Permanent Redirect\r\nlocation: ${location}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`,
  );
}
