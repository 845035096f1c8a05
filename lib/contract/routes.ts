import type { Role } from "./principal.ts";
import { accessRoutes } from "./routes/access.ts";
import { containerRoutes } from "./routes/containers.ts";
import { fileRoutes } from "./routes/files.ts";
import { kernelRoutes } from "./routes/kernel.ts";
import { sessionRoutes } from "./routes/sessions.ts";
import { systemRoutes } from "./routes/system.ts";
import { usageRoutes } from "./routes/usage.ts";

export type { Route } from "./routes/route.ts";

/** Every call of the HTTP API. */
export const routes = {
  ...containerRoutes,
  ...usageRoutes,
  ...fileRoutes,
  ...kernelRoutes,
  ...sessionRoutes,
  ...systemRoutes,
  ...accessRoutes,
} as const;

export type RouteName = keyof typeof routes;

/**
 * What is opened as a WebSocket. Its first message carries a ticket, which says for whom a call of the role issued it;
 * the ticket of a share lets anybody watch.
 */
export const sockets = {
  terminalStream: {
    path: "/sessions/{id}/stream",
    role: "operator",
    summary: "A terminal's stream; docs/protocol.md describes it",
  },
} as const satisfies Record<string, { path: string; role: Role; summary: string }>;
