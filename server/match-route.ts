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

export type Match = { kind: "route"; label: string } | { kind: "wrong-method"; allow: string[] } | { kind: "unknown" };

/** Which call of the contract a request is. HEAD counts as GET. `label` is the path with its parameters' names. */
export function matchRoute(method: string, pathname: string): Match {
  if (pathname === `${base}/openapi.json`) return allowing(["GET"], method, pathname);
  const candidates = patterns.filter(({ expression }) => expression.test(pathname));
  const first = candidates[0];
  if (!first) return { kind: "unknown" };
  return allowing(
    candidates.map(({ route }) => route.method),
    method,
    base + first.route.path,
  );
}

/** Beginnings of the pages' addresses; what follows are names, which take one place each. */
const pages = new Set([
  "",
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

function allowing(methods: string[], method: string, label: string): Match {
  const allow = methods.includes("GET") ? [...methods, "HEAD"] : methods;
  return allow.includes(method) ? { kind: "route", label } : { kind: "wrong-method", allow };
}
