import type { Role } from "../lib/contract/principal.ts";
import { type Route, type RouteName, routes } from "../lib/contract/routes.ts";

const base = "/api/v1";

interface Pattern {
  name: RouteName;
  route: Route;
  expression: RegExp;
}

const patterns: Pattern[] = Object.entries<Route>(routes).map(([name, route]) => ({
  name: name as RouteName,
  route,
  expression: new RegExp(`^${base}${route.path.replaceAll(/\{\w+\}/g, "[^/]+")}$`),
}));

export type Match =
  | { kind: "route"; label: string; role: Role }
  | { kind: "wrong-method"; allow: string[] }
  | { kind: "unknown" };

/**
 * Which call of the contract a request is, and the least role that it needs. HEAD counts as GET. `label` is the path with
 * its parameters' names.
 */
export function matchRoute(method: string, pathname: string): Match {
  if (pathname === `${base}/openapi.json`) return readable.has(method) ? document : { kind: "wrong-method", allow };
  const candidates = patterns.filter(({ expression }) => expression.test(pathname)).map(({ route }) => route);
  if (candidates.length === 0) return { kind: "unknown" };
  const route = candidates.find((one) => one.method === method || (method === "HEAD" && one.method === "GET"));
  if (route) return { kind: "route", label: base + route.path, role: route.role ?? "viewer" };
  const methods = candidates.map((one) => one.method);
  return { kind: "wrong-method", allow: methods.includes("GET") ? [...methods, "HEAD"] : methods };
}

const document = { kind: "route", label: `${base}/openapi.json`, role: "viewer" } as const;
const readable = new Set(["GET", "HEAD"]);
const allow = [...readable];

/** Beginnings of the pages' addresses; what follows are names, which take one place each. */
const pages = new Set([
  "",
  "audit",
  "containers",
  "health",
  "join",
  "labs",
  "logs",
  "new",
  "reference",
  "settings",
  "sign-in",
  "statistics",
  "watch",
]);

/**
 * A request's path for a log: of a call its pattern, of a page its beginning. Nothing that a client made up stands
 * there: it could be a secret in the wrong place, or as long as it likes.
 */
export function routeLabel(method: string, pathname: string): string {
  const match = matchRoute(method, pathname);
  if (match.kind === "route") return match.label;
  if (pathname.startsWith("/_next/static/")) return "/_next/static/*";
  if (pathname.startsWith("/api/auth/callback/")) return "/api/auth/callback/*";
  const [, first = "", ...rest] = pathname.split("/");
  return pages.has(first) ? `/${[first, ...rest.map(() => "*")].join("/")}` : "(unknown)";
}

/** Whether a request's body is a stream, which may take long. */
export function isUpload(method: string, pathname: string): boolean {
  return patterns.some(({ route, expression }) => route.upload && route.method === method && expression.test(pathname));
}
