import { z } from "zod";
import { Problem } from "./problem.ts";
import { type Route, routes } from "./routes.ts";

type Json = Record<string, unknown>;

const jsonSchema = (schema: z.ZodType, io: "input" | "output"): Json => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return rest;
};

/** The OpenAPI 3.1 document of the HTTP API, made from the schemas that validate its requests. */
export function openApiDocument(version: string): Json {
  const paths: Record<string, Json> = {};
  for (const [operationId, route] of Object.entries<Route>(routes)) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: describe(operationId, route) };
  }
  return {
    openapi: "3.1.0",
    info: { title: "MiniRun", version, license: { name: "MIT", identifier: "MIT" } },
    servers: [{ url: "/api/v1" }],
    security: [{ bearer: [] }, { session: [] }],
    paths,
    components: {
      schemas: { Problem: jsonSchema(Problem, "output") },
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer" },
        session: { type: "apiKey", in: "cookie", name: "minirun_session" },
      },
    },
  };
}

function describe(operationId: string, route: Route): Json {
  return {
    operationId,
    summary: route.summary,
    ...(route.signIn === false && { security: [] }),
    parameters: [...pathParameters(route), ...queryParameters(route), ...(route.operation ? operationHeaders : [])],
    ...(route.body && {
      requestBody: { content: { "application/json": { schema: jsonSchema(route.body, "input") } } },
    }),
    responses: {
      [route.success.status]: success(route),
      ...(route.operation && { 202: { description: "Accepted: the operation, with Prefer: respond-async" } }),
      default: {
        description: "A problem",
        content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
      },
    },
  };
}

function success({ success: { schema, stream } }: Route): Json {
  if (!schema) return { description: "Done" };
  const content = { [stream ?? "application/json"]: { schema: jsonSchema(schema, "output") } };
  return { description: "Done", content };
}

function pathParameters(route: Route): Json[] {
  return [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
}

function queryParameters(route: Route): Json[] {
  const properties = route.query ? (jsonSchema(route.query, "input").properties as Record<string, Json>) : {};
  return Object.entries(properties).map(([name, schema]) => ({ name, in: "query", schema }));
}

const operationHeaders: Json[] = [
  { name: "Prefer", in: "header", schema: { type: "string", enum: ["respond-async"] } },
  {
    name: "Idempotency-Key",
    in: "header",
    schema: { type: "string", maxLength: 200 },
    description: "The same key from the same principal answers with the same operation",
  },
];
