import type * as z from "zod";
import type { Container } from "../contract/container.ts";
import { isFinished } from "../contract/is-finished.ts";
import { OperationResult } from "../contract/operation.ts";
import { fail, Problem, ProblemError } from "../contract/problem.ts";
import { type Route, type RouteName, routes } from "../contract/routes.ts";

type Routes = typeof routes;
type Member<R, K extends string> = R extends { [P in K]: infer S extends z.ZodType } ? S : never;
type ParameterNames<P extends string> = P extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParameterNames<Rest>
  : never;

/** What a call takes: its path's parameters, its query, its body, as the route's schemas have them. */
export type CallInput<N extends RouteName> = CallHeaders & {
  query?: Partial<z.output<Member<Routes[N], "query">>>;
  body?: z.input<Member<Routes[N], "body">>;
  /** The content of a call that takes a stream instead of JSON. */
  upload?: Upload;
  signal?: AbortSignal;
} & ([ParameterNames<Routes[N]["path"]>] extends [never]
    ? { params?: never }
    : { params: Record<ParameterNames<Routes[N]["path"]>, string> });

/** Bytes to send; a stream is sent as it comes, without its length. */
export type Upload = Blob | ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer>;

interface CallHeaders {
  /** The same key from the same principal carries a lifecycle call out once, however often it is sent. */
  idempotencyKey?: string;
  /** An entity tag: the call is refused as `changed-meanwhile` when what it changes has another one by then. */
  ifMatch?: string;
  /** `*`: the call is refused as `changed-meanwhile` when there is something already. */
  ifNoneMatch?: "*";
  /** The media type to ask for where a call answers in several. */
  accept?: string;
  /** An event stream goes on behind the event that had this id. */
  lastEventId?: string;
}

/** What a call answers: the value of its success schema; nothing where the route answers 204. */
export type CallResult<N extends RouteName> = [Member<Routes[N]["success"], "schema">] extends [never]
  ? undefined
  : z.output<Member<Routes[N]["success"], "schema">>;

/** The part of a call's input that may be left out whole: everything where the path has no parameters. */
type CallArguments<N extends RouteName> = [ParameterNames<Routes[N]["path"]>] extends [never]
  ? [input?: CallInput<N>]
  : [input: CallInput<N>];

export interface ClientOptions {
  /** Scheme, host and port; the empty string means the page's own origin, whose cookie then signs in. */
  baseUrl: string;
  /** Sent as a bearer token. */
  token?: string | undefined;
}

/** No answer came at all: nothing listens there, or the connection broke. `cause` is the error of fetch. */
export class UnreachableError extends Error {
  readonly baseUrl: string;

  constructor(baseUrl: string, options: ErrorOptions) {
    super(`MiniRun does not answer at ${baseUrl || "this page's origin"}`, options);
    this.name = "UnreachableError";
    this.baseUrl = baseUrl;
  }
}

export interface Client {
  /**
   * Makes a call of the contract and returns its checked answer. A lifecycle call that takes longer than the server waits
   * is waited for, until its operation has ended or the call's signal aborts.
   * Throws the answer's ProblemError, or an UnreachableError when none came.
   */
  call<N extends RouteName>(name: N, ...args: CallArguments<N>): Promise<CallResult<N>>;
  /** Makes a call and returns its answer unread: for text and event streams. Throws like `call`. */
  open<N extends RouteName>(name: N, ...args: CallArguments<N>): Promise<Response>;
}

/** The client of the HTTP API, for browsers and Node alike; typed by the same routes that the server answers by. */
export function createClient(options: ClientOptions): Client {
  const open: Client["open"] = (name, ...[input]) => send(options, routes[name], input ?? {});
  return {
    open,
    async call(name, ...args) {
      const { operation, success } = routes[name] as Route;
      const { schema } = success;
      const response = await open(name, ...args);
      if (operation && response.status === 202) {
        const accepted = OperationResult.parse(await response.json());
        return (await outcomeOf(options, accepted, args[0]?.signal)) as CallResult<typeof name>;
      }
      return (schema ? schema.parse(await response.json()) : undefined) as CallResult<typeof name>;
    },
  };
}

/** How long one call for an operation waits, in seconds: as long as the lifecycle call itself has. */
const waitSeconds = 30;

/** What the lifecycle call would have answered, or thrown, had it been waited for to its end. */
async function outcomeOf(
  options: ClientOptions,
  accepted: OperationResult,
  signal: AbortSignal | undefined,
): Promise<Container | undefined> {
  let now = accepted;
  while (!isFinished(now)) {
    const input = { params: { id: accepted.id }, query: { waitSeconds }, ...(signal && { signal }) };
    now = OperationResult.parse(await (await send(options, routes.getOperation, input)).json());
  }
  const { id, containerId, verb, problem, container } = now;
  if (problem) throw new ProblemError({ ...problem, operationId: id, containerId });
  if (verb === "delete") return undefined;
  if (container) return container;
  throw fail("container-not-found", "The container is gone", `${verb} was carried out, and it was deleted since.`);
}

interface AnyInput extends CallHeaders {
  params?: Record<string, string>;
  query?: Record<string, unknown>;
  body?: unknown;
  upload?: Upload;
  signal?: AbortSignal;
}

async function send({ baseUrl, token }: ClientOptions, route: Route, input: AnyInput): Promise<Response> {
  const response = await reach(baseUrl, `${baseUrl}/api/v1${pathOf(route, input)}`, {
    method: route.method,
    headers: {
      accept: input.accept ?? route.success.stream ?? "application/json",
      ...(input.body !== undefined && { "content-type": "application/json" }),
      ...(input.upload && { "content-type": route.upload ?? "application/octet-stream" }),
      ...(token && { authorization: `Bearer ${token}` }),
      ...(input.idempotencyKey && { "idempotency-key": input.idempotencyKey }),
      ...(input.ifMatch && { "if-match": input.ifMatch }),
      ...(input.lastEventId && { "last-event-id": input.lastEventId }),
      ...(input.ifNoneMatch && { "if-none-match": input.ifNoneMatch }),
    },
    ...(input.body !== undefined && { body: JSON.stringify(input.body) }),
    ...(input.upload && uploadBody(input.upload)),
    ...(input.signal && { signal: input.signal }),
    cache: "no-store",
  });
  if (!response.ok) throw await problemFrom(response);
  return response;
}

/** fetch sends a stream only when it is told not to wait for the answer meanwhile: `duplex` of its standard. */
function uploadBody(upload: Upload): RequestInit & { duplex?: "half" } {
  return upload instanceof ReadableStream ? { body: upload, duplex: "half" } : { body: upload };
}

async function reach(baseUrl: string, url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new UnreachableError(baseUrl, { cause: error });
  }
}

function pathOf(route: Route, { params = {}, query = {} }: AnyInput): string {
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ""));
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
  return given.length > 0 ? `${path}?${search}` : path;
}

async function problemFrom(response: Response): Promise<ProblemError> {
  const parsed = Problem.safeParse(await response.json().catch(() => null));
  if (parsed.success) return new ProblemError(parsed.data);
  return fail("internal", "The answer cannot be read", `it has status ${response.status} and no problem in it`, {
    remedy: "See that the address is MiniRun's and not another server's.",
  });
}
