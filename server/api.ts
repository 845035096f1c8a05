import type * as z from "zod";
import type { Principal } from "../lib/contract/principal.ts";
import { type Problem, ProblemError, parseOrFail } from "../lib/contract/problem.ts";
import type { Route } from "../lib/contract/routes.ts";
import { auditCall, isAudited } from "./audit.ts";
import { type WebContext, webContext } from "./context.ts";
import { refusal } from "./permission.ts";
import { internalProblem, problemOf, problemResponse } from "./problems.ts";
import { readJsonBody } from "./read-body.ts";
import { currentRequest, type RequestContext } from "./request-context.ts";

type Parameters<P extends string> = P extends `${string}{${infer Name}}${infer Rest}`
  ? { [K in Name]: string } & Parameters<Rest>
  : unknown;
type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;
type Member<R, K extends string> = R extends { [P in K]: infer S } ? Parsed<S> : undefined;

/** A call whose caller is known and whose parts fit the route's schemas. */
export interface Call<R extends Route = Route> {
  context: WebContext;
  request: Request;
  current: RequestContext;
  principal: R extends { signIn: false } ? Principal | null : Principal;
  params: Parameters<R["path"]>;
  query: Member<R, "query">;
  body: Member<R, "body">;
}

type Answer<R extends Route> = Response | Member<R["success"], "schema">;
type RouteHandler = (request: Request, route: { params: Promise<Record<string, string>> }) => Promise<Response>;

/**
 * Makes a Next route handler of a call of the contract. It lets in whoever the route admits, checks query and body,
 * turns what the handler returns into JSON with the route's status, and every error into problem+json.
 */
export function api<const R extends Route>(route: R, handle: (call: Call<R>) => Promise<Answer<R>>): RouteHandler {
  return async (request, { params }) => {
    const current = currentRequest();
    // Next hands over none where the path has none.
    const named = (await params) ?? {};
    const { response, problem } = await answer(route, handle, request, current, named);
    if (isAudited(route)) await auditCall(webContext(), route, named, current, problem);
    return response;
  };
}

/** What a call comes to; the problem is that of the response, if it is one. */
async function answer<R extends Route>(
  route: R,
  handle: (call: Call<R>) => Promise<Answer<R>>,
  request: Request,
  current: RequestContext,
  params: Record<string, string>,
): Promise<{ response: Response; problem: Problem | null }> {
  try {
    const call = await readCall(route, request, current, params);
    const value = await handle(call);
    return { response: value instanceof Response ? value : json(value, route.success.status), problem: null };
  } catch (error) {
    return errorResponse(error, current);
  }
}

async function readCall<R extends Route>(
  route: R,
  request: Request,
  current: RequestContext,
  params: Record<string, string>,
): Promise<Call<R>> {
  const refused = route.signIn === false ? null : refusal(route.role, current);
  if (refused) throw new ProblemError(refused);
  const search = Object.fromEntries(new URL(request.url).searchParams);
  return {
    context: webContext(),
    request,
    current,
    principal: current.principal,
    params,
    query: route.query && parseOrFail(route.query, search),
    body: route.body && parseOrFail(route.body, await readJsonBody(request)),
  } as Call<R>;
}

/** An answer as JSON that no cache keeps. */
export function json(value: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return Response.json(value, { status, headers: { "cache-control": "no-store", ...headers } });
}

function errorResponse(error: unknown, { id }: RequestContext): { response: Response; problem: Problem } {
  const known = problemOf(error);
  if (!known) webContext().log.error({ err: error, id }, "a call failed");
  const value = { ...(known ?? internalProblem()), requestId: id };
  return { response: problemResponse(value, value.status === 413 ? { connection: "close" } : {}), problem: value };
}
