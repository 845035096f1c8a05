import type * as z from "zod";
import { ContainerEvent } from "./event.ts";
import { createSchemaBook, type Json, type SchemaBook } from "./openapi-schemas.ts";
import { callTexts, tags } from "./openapi-texts.ts";
import { OperationResult, OperationSummary } from "./operation.ts";
import { Problem } from "./problem.ts";
import { type Route, type RouteName, routes } from "./routes.ts";

const base = "/api/v1";

/** The OpenAPI 3.1 document of the HTTP API, made from the schemas that validate its requests. */
export function openApiDocument(version: string): Json {
  const book = createSchemaBook();
  const all = Object.entries(routes) as [RouteName, Route][];
  const responses = new Map(all.map(([name, route]) => [name, responsesOf(book, name, route)]));
  for (const schema of [OperationSummary, ContainerEvent]) book.answer(schema);
  const paths: Record<string, Json> = {};
  for (const [name, route] of all) {
    const { tag, description } = callTexts[name];
    paths[route.path] = {
      ...paths[route.path],
      [route.method.toLowerCase()]: {
        operationId: name,
        tags: [tag],
        summary: route.summary,
        ...(description && { description }),
        ...(route.signIn === false && { security: [] }),
        parameters: parametersOf(book, name, route),
        ...bodyOf(book, name, route),
        responses: responses.get(name),
      },
    };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "MiniRun",
      version,
      description:
        "A container engine that you can see through. Errors are problem details (RFC 9457) with a stable code.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: base }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    security: Object.keys(schemes).map((name) => ({ [name]: [] })),
    paths,
    components: {
      schemas: book.all(),
      securitySchemes: schemes,
    },
  };
}

const cookie = (name: string, description: string) => ({ type: "apiKey", in: "cookie", name, description });
const schemes = {
  bearer: {
    ...{ type: "http", scheme: "bearer" },
    description: "An API token, or the operator token, which `./minirun token` prints",
  },
  operatorSession: cookie("minirun_session", "From POST /sign-in; over TLS its name begins with __Host-"),
  session: cookie("minirun.session_token", "A person's, from POST /sign-in; over TLS its name begins with __Host-"),
};

const string = { type: "string" };

/** Calls whose answers have an entity tag; of `tagged` ones If-None-Match answers 304. */
const tagged: readonly RouteName[] = ["listContainers", "getTrace"];
const withTag: readonly RouteName[] = [...tagged, "getContainer", "readFile"];
const guarded: readonly RouteName[] = ["updateContainer", "writeFile"];
/** `If-None-Match: *` writes only what is not there. */
const onlyNew: readonly RouteName[] = ["writeFile"];
const resumable: readonly RouteName[] = ["readLogs", "readMergedLogs", "watchEvents"];

function parametersOf(book: SchemaBook, name: RouteName, route: Route): Json[] {
  const header = (called: string, schema: Json, description: string) => ({
    name: called,
    in: "header",
    schema,
    description,
  });
  return [
    ...pathParameters(route),
    ...queryParameters(book, route),
    ...(route.operation
      ? [
          header("Prefer", { type: "string", enum: ["respond-async"] }, "answer at once, with the operation"),
          header(
            "Idempotency-Key",
            { type: "string", minLength: 1, maxLength: 200 },
            "the same key from the same principal answers with the same operation",
          ),
        ]
      : []),
    ...(guarded.includes(name) ? [header("If-Match", string, "only if the entity tag is still this one")] : []),
    ...(tagged.includes(name) ? [header("If-None-Match", string, "304 if the entity tag is still this one")] : []),
    ...(onlyNew.includes(name) ? [header("If-None-Match", { const: "*" }, "only if nothing is there")] : []),
    ...(resumable.includes(name) ? [header("Last-Event-ID", string, "go on behind this event")] : []),
  ];
}

function pathParameters(route: Route): Json[] {
  return [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => ({
    name,
    in: "path",
    required: true,
    description: name === "name" ? "name or id of a container" : name,
    schema: name === "pid" ? { type: "integer", minimum: 1 } : string,
  }));
}

function queryParameters(book: SchemaBook, route: Route): Json[] {
  if (!route.query) return [];
  return Object.entries(route.query.shape as Record<string, z.ZodType>).map(([name, field]) => {
    const { description, ...schema } = book.request(field);
    const required = !field.safeParse(undefined).success;
    return { name, in: "query", ...(required && { required }), ...(description ? { description } : {}), schema };
  });
}

function bodyOf(book: SchemaBook, name: RouteName, { body, upload }: Route): Json {
  if (upload) return { requestBody: { required: true, content: { [upload]: { schema: binary(upload) } } } };
  if (!body) return {};
  const { example } = callTexts[name];
  const content = { schema: book.request(body), ...(example !== undefined && { example }) };
  const required = !body.safeParse(undefined).success;
  return { requestBody: { required, content: { "application/json": content } } };
}

/** A lifecycle call that ends in time answers the container as it is then; a deleted one is no more. */
const answersContainer = ({ operation, success }: Route) => operation === true && success.schema !== undefined;

function responsesOf(book: SchemaBook, name: RouteName, route: Route): Json {
  const { status } = route.success;
  const headers = {
    ...requestId,
    ...((withTag.includes(name) || answersContainer(route)) && {
      ETag: { schema: string, description: "changes with what is answered" },
    }),
    ...(status === 201 && route.operation && { Location: { schema: string } }),
    ...((name === "signIn" || name === "acceptInvitation") && { "Set-Cookie": { schema: string } }),
  };
  const content = contentOf(book, route);
  const problem = { "application/problem+json": { schema: book.answer(Problem) } };
  return {
    [status]: { description: status === 204 ? "Done" : route.summary, headers, ...(content && { content }) },
    ...(route.operation && {
      202: {
        description: "Accepted: the operation, with Prefer: respond-async or when it takes too long",
        headers: { ...requestId, Location: { schema: string, description: "where the operation is" } },
        content: { "application/json": { schema: book.answer(OperationResult) } },
      },
    }),
    ...(tagged.includes(name) && { 304: { description: "Nothing has changed", headers } }),
    ...(route.signIn !== false && {
      401: { description: "Sign in first", content: problem },
      ...(route.role !== "viewer" && { 403: { description: `Needs the role ${route.role}`, content: problem } }),
    }),
    ...(route.path.includes("{") && { 404: { description: "There is none of this name or id", content: problem } }),
    ...((route.body || route.query) && {
      422: { description: "A field does not fit; `errors` names it", content: problem },
    }),
    default: { description: "A problem; `code` says which", content: problem },
  };
}

const requestId = { "X-Request-Id": { schema: string, description: "under which the server's log has it" } };

/** What a success answers: JSON; a stream; or records that come as text, lines of JSON or events, as Accept asks for. */
function contentOf(book: SchemaBook, { success: { schema, stream }, query }: Route): Json | null {
  const json = schema && { schema: book.answer(schema) };
  if (stream === "text/event-stream") return { [stream]: json };
  if (stream === "application/x-ndjson") return { [stream]: json, "text/csv": { schema: string } };
  if (stream === "text/plain" && json) {
    return { "text/plain": { schema: string }, "application/x-ndjson": json, "text/event-stream": json };
  }
  if (stream) return { [stream]: { schema: stream === "text/plain" ? string : binary(stream) } };
  if (!json) return null;
  const isFollowed = query && "follow" in query.shape;
  return { "application/json": json, ...(isFollowed && { "text/event-stream": json }) };
}

const binary = (mediaType: string): Json => ({ type: "string", format: "binary", contentMediaType: mediaType });
