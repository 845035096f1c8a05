import type { Role } from "./principal.ts";
import { type Route, routes, sockets } from "./routes.ts";

/** A way in: a call, the event stream that it can be, or a WebSocket, and the least role that it needs. */
export interface WayIn {
  name: string;
  method: Route["method"] | "WebSocket";
  /** Below /api/v1. */
  path: string;
  kind: "call" | "event stream" | "upload" | "WebSocket";
  /** Null where nobody has to be known. */
  role: Role | null;
}

/** The document of the API, the one call that the contract itself does not have. */
export const documentRoute = {
  method: "GET",
  path: "/openapi.json",
  role: "viewer",
  summary: "This document",
  success: { status: 200 },
} as const satisfies Route;

/** Every way into the HTTP API, in the order of the contract: what docs/security.md lists and the tests try. */
export function waysIn(): WayIn[] {
  const calls = Object.entries<Route>({ ...routes, openApiDocument: documentRoute });
  return [
    ...calls.flatMap(([name, route]) =>
      kindsOf(route).map((kind) => ({
        ...{ name, method: route.method, path: route.path, kind },
        role: route.signIn === false ? null : route.role,
      })),
    ),
    ...Object.entries(sockets).map(([name, { path, role }]) => ({
      ...({ name, method: "WebSocket", path, kind: "WebSocket", role } as const),
    })),
  ];
}

function kindsOf({ success: { stream }, query, upload }: Route): WayIn["kind"][] {
  if (stream === "text/event-stream") return ["event stream"];
  if (upload) return ["upload"];
  return query && "follow" in query.shape ? ["call", "event stream"] : ["call"];
}

/** The table of docs/security.md. */
export function routeTable(): string {
  const rows = waysIn().map(({ method, path, kind, role }) => {
    const address = kind === "event stream" && path !== "/events" ? `${path}?follow=true` : path;
    return `| ${method === "WebSocket" ? "GET" : method} | \`${address}\` | ${kind} | ${role ?? "nobody"} |`;
  });
  return ["| method | path below /api/v1 | kind | needs |", "|---|---|---|---|", ...rows].join("\n");
}
