import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Role } from "../lib/contract/principal.ts";
import { type Problem, problem } from "../lib/contract/problem.ts";
import { auditCallback } from "./audit.ts";
import { callbackPath } from "./auth/create-auth.ts";
import { limitBodyTime } from "./body-deadline.ts";
import { type Caller, originOf } from "./callers.ts";
import type { WebContext } from "./context.ts";
import { answerCors } from "./cors.ts";
import { findOutWhoAsks } from "./find-out-who-asks.ts";
import { isUpload, type Match, matchRoute, routeLabel } from "./match-route.ts";
import { refusal } from "./permission.ts";
import { internalProblem, sendProblem } from "./problems.ts";
import { redirect, secureAddress } from "./redirect-to-tls.ts";
import type { RequestContext } from "./request-context.ts";
import { setPagePolicy, setSecurityHeaders } from "./security-headers.ts";

/** How long a request may still take whose credential holds no longer. */
const answerWithinMs = 500;

type NodeHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

interface Options {
  development: boolean;
  /** Next: renders pages and runs route handlers. */
  next: NodeHandler;
}

/** Pages for people who are not signed in: where they do so, where they do for the first time, and where they watch a session that was shared. */
const openPages: ReadonlySet<string> = new Set(["/join", "/sign-in", "/watch"]);

/** Paths whose JSON is also there without /api/v1, except to someone who navigates to a page. */
const shared = /^\/(?:health|containers)(?:\/|$)/;

/**
 * Answers every request of this server: refuses foreign hosts and origins, finds out who asks, sends the API's calls
 * to their handlers, and shows pages to nobody who is not signed in. Writes one log line for each.
 */
export function createRequestHandler(context: WebContext, options: Options) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const caller = context.callers.read(request);
    const current: RequestContext = {
      id: randomUUID(),
      principal: null,
      credentialProblem: null,
      remote: caller.remote,
      secure: caller.secure,
      origin: originOf(caller),
      cookie: request.headers.cookie,
      userAgent: request.headers["user-agent"],
      note: {},
    };
    const url = parseUrl(request.url);
    response.setHeader("x-request-id", current.id);
    setSecurityHeaders(response, caller);
    logWhenDone(context, current, request, response, url?.pathname ?? "");
    limitBodyTime(request, response, isUpload(request.method ?? "", url?.pathname ?? ""));

    context.requests.run(current, () => {
      dispatch(context, { request, response, url, caller, current }, options).catch((error: unknown) => {
        context.log.error({ err: error, id: current.id }, "a request failed");
        if (response.headersSent) response.destroy();
        else sendProblem(response, { ...internalProblem(), requestId: current.id });
      });
    });
  };
}

/** The request's target with dots and escapes resolved, so that Next sees the very path that was judged here. */
function parseUrl(target: string | undefined): URL | null {
  return target?.startsWith("/") && !target.startsWith("//") && URL.canParse(`http://localhost${target}`)
    ? new URL(`http://localhost${target}`)
    : null;
}

function unreadableUrl() {
  return problem("invalid-request", "The address does not fit", "the request's target is not a path");
}

interface Received {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL | null;
  caller: Caller;
  current: RequestContext;
}

async function dispatch(context: WebContext, received: Received, options: Options): Promise<void> {
  const { request, response, url, caller, current } = received;
  const foreign = context.callers.refuse(caller, request);
  if (foreign || !url) return sendProblem(response, { ...(foreign ?? unreadableUrl()), requestId: current.id });
  const elsewhere = secureAddress(context, caller, request);
  if (elsewhere !== null) return redirect(response, elsewhere);
  // Where Prometheus looks; no page has this address.
  if (url.pathname === "/metrics") url.pathname = "/api/v1/metrics";
  const { corsOrigins } = context.config;
  const isShared = shared.test(url.pathname);
  keepVary(response, [...(isShared ? ["Accept"] : []), ...(corsOrigins.length > 0 ? ["Origin"] : [])]);
  if (isShared && !isNavigation(request, url)) url.pathname = `/api/v1${url.pathname}`;
  request.url = url.pathname + url.search;
  if (isAsset(url.pathname, options.development)) return options.next(request, response);
  if (url.pathname.startsWith(callbackPath)) {
    await context.people.callback(current, request, response);
    return auditCallback(context, current, response);
  }
  Object.assign(current, await findOutWhoAsks(context, request.headers, caller));
  const match = matchRoute(request.method ?? "GET", url.pathname);
  endWithCredential(context, current, response, match.kind === "route" ? match.role : "viewer");
  if (url.pathname === "/api" || url.pathname.startsWith("/api/")) {
    if (answerCors(request, response, corsOrigins)) return;
    const unknown = refuseApiCall(request, response, url, match);
    return unknown ? sendProblem(response, { ...unknown, requestId: current.id }) : options.next(request, response);
  }
  if (current.principal?.credential.kind === "session") {
    for (const cookie of await context.people.renew(current)) response.appendHeader("set-cookie", cookie);
  }
  return dispatchPage(request, response, url, current, options);
}

/** Ends a request that goes on when what it rests on holds no longer. One that is about to be answered still is. */
function endWithCredential(
  { openStreams }: WebContext,
  { principal }: RequestContext,
  response: ServerResponse,
  needed: Role,
): void {
  if (!principal) return;
  const takeOut = openStreams.add({
    principal,
    needed,
    end() {
      if (response.headersSent) response.destroy();
      else setTimeout(() => response.destroy(), answerWithinMs).unref();
    },
  });
  response.once("close", takeOut);
}

/** Next sets Vary anew, without looking at what stands there: every value gets these in front. */
function keepVary(response: ServerResponse, names: readonly string[]): void {
  if (names.length === 0) return;
  const setHeader = response.setHeader.bind(response);
  response.setHeader = (name, value) => {
    const values = name.toLowerCase() === "vary" ? [...names, value].flat() : null;
    return setHeader(
      name,
      values ? [...new Set(values.flatMap((item) => String(item).split(/, */)))].join(", ") : value,
    );
  };
  setHeader("vary", names.join(", "));
}

function refuseApiCall(
  { method = "GET" }: IncomingMessage,
  response: ServerResponse,
  { pathname }: URL,
  match: Match,
): Problem | null {
  if (match.kind === "unknown") {
    return problem("not-found", "There is no such call", `${method} ${pathname}`, {
      remedy: "GET /api/v1/openapi.json describes every call.",
    });
  }
  if (match.kind === "route") return null;
  response.setHeader("allow", match.allow.join(", "));
  return problem(
    "method-not-allowed",
    "That method does nothing here",
    `${pathname} answers ${match.allow.join(", ")}`,
  );
}

async function dispatchPage(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  current: RequestContext,
  { development, next }: Options,
): Promise<void> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("allow", "GET, HEAD");
    const wrong = problem("method-not-allowed", "That method does nothing here", `${url.pathname} answers GET`);
    return sendProblem(response, { ...wrong, requestId: current.id });
  }
  const refused = openPages.has(url.pathname) ? null : refusal("viewer", current);
  if (refused) return askToSignIn(request, response, url, { ...refused, requestId: current.id });
  setPagePolicy(request, response, development);
  return next(request, response);
}

function askToSignIn(request: IncomingMessage, response: ServerResponse, url: URL, refused: Problem): void {
  if (!isNavigation(request, url) || refused.code !== "unauthenticated") {
    sendProblem(response, refused);
    return;
  }
  if (request.headers["sec-fetch-site"] === "cross-site") {
    comeAgain(response);
    return;
  }
  url.searchParams.delete("_rsc");
  const target = url.pathname === "/" ? "" : `?next=${encodeURIComponent(url.pathname + url.search)}`;
  response.writeHead(307, { location: `/sign-in${target}`, "cache-control": "no-store" }).end();
}

/**
 * A link on another site led here, and the browser has kept our SameSite=Strict cookie back. A navigation that starts
 * here sends it: one that was signed in all along then sees the page, and nobody else anything.
 */
function comeAgain(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
  response.end('<!doctype html><title>MiniRun</title><meta http-equiv="refresh" content="0">');
}

/** A browser that goes to a page, or Next's own fetch of one: not a program that wants JSON. */
function isNavigation({ method, headers }: IncomingMessage, url: URL): boolean {
  if (method !== "GET" && method !== "HEAD") return false;
  return headers.rsc !== undefined || url.searchParams.has("_rsc") || (headers.accept ?? "").includes("text/html");
}

/** What the sign-in page needs too: scripts, styles, fonts and the logo. */
function isAsset(pathname: string, development: boolean): boolean {
  if (pathname.startsWith("/_next/static/") || pathname.startsWith("/brand/")) return true;
  return development && /^\/(?:_next\/|__nextjs)/.test(pathname);
}

function logWhenDone(
  { log }: WebContext,
  current: RequestContext,
  request: IncomingMessage,
  response: ServerResponse,
  pathname: string,
): void {
  const started = performance.now();
  const { method = "" } = request;
  response.once("close", () => {
    const { id, principal, remote } = current;
    const path = request.url?.split("?", 1)[0] ?? pathname;
    const line = {
      id,
      principal: principal?.id ?? null,
      remote,
      route: `${method} ${routeLabel(method, path)}`,
      status: response.statusCode,
      durationMs: Math.round((performance.now() - started) * 10) / 10,
      ...(!response.writableFinished && { aborted: true }),
    };
    if (pathname.startsWith("/_next/") || pathname.startsWith("/brand/")) log.debug(line, "request");
    else log.info(line, "request");
  });
}
