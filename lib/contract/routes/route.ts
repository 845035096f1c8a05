import * as z from "zod";
import { Container } from "../container.ts";
import type { Role } from "../principal.ts";

type StreamType =
  | "text/plain"
  | "text/event-stream"
  | "application/octet-stream"
  | "application/x-tar"
  | "application/x-ndjson"
  | "application/x-asciicast";

/**
 * A call of the HTTP API: what validates requests, types the client and generates the OpenAPI document. `role` is the
 * least that a principal must have; with `signIn: false` (/health, signing in and out, shares) nobody has to be known.
 */
export type Route = RouteParts & Admission;
type Admission = { signIn: false; role?: never } | { signIn?: never; role: Role };

interface RouteParts {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below /api/v1, with parameters as in OpenAPI: `/containers/{name}`. */
  path: string;
  summary: string;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** The body is a stream of this media type, not JSON. */
  upload?: "application/octet-stream" | "application/x-tar";
  /** A lifecycle call: honours `Prefer: respond-async` and `Idempotency-Key`. */
  operation?: true;
  success: { status: 200 | 201 | 202 | 204; schema?: z.ZodType; stream?: StreamType };
}

/** Answers a container. */
export const container = { status: 200, schema: Container } as const;
/** Answers things of one kind. */
export const listOf = <S extends z.ZodType>(schema: S) => ({
  status: 200 as const,
  schema: z.object({ items: z.array(schema) }),
});
