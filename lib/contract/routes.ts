import { z } from "zod";
import { Container, ContainerList, CreateContainer, ListContainers } from "./container.ts";
import { ContainerEvent } from "./event.ts";
import { Health, NodeInfo } from "./health.ts";
import { LogQuery, LogRecord } from "./log.ts";
import { KillArguments, OperationResult, StopArguments } from "./operation.ts";
import { CreateSession, Session } from "./session.ts";
import { SignIn } from "./sign-in.ts";
import { Trace } from "./trace.ts";

/** A call of the HTTP API: what validates requests, types the client and generates the OpenAPI document. */
export interface Route {
  method: "GET" | "POST" | "DELETE";
  /** Below /api/v1, with parameters as in OpenAPI: `/containers/{name}`. */
  path: string;
  summary: string;
  /** False for /health and for signing in and out: everything else needs a principal. */
  signIn?: false;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** A lifecycle call: honours `Prefer: respond-async` and `Idempotency-Key`. */
  operation?: true;
  success: { status: 200 | 201 | 204; schema?: z.ZodType; stream?: "text/plain" | "text/event-stream" };
}

const container = { status: 200, schema: Container } as const;

export const routes = {
  health: {
    method: "GET",
    path: "/health",
    summary: "How MiniRun is",
    signIn: false,
    success: { status: 200, schema: Health },
  },
  listContainers: {
    method: "GET",
    path: "/containers",
    summary: "List containers",
    query: ListContainers,
    success: { status: 200, schema: ContainerList },
  },
  createContainer: {
    method: "POST",
    path: "/containers",
    summary: "Create a container",
    body: CreateContainer,
    operation: true,
    success: { status: 201, schema: Container },
  },
  getContainer: { method: "GET", path: "/containers/{name}", summary: "Show a container", success: container },
  deleteContainer: {
    method: "DELETE",
    path: "/containers/{name}",
    summary: "Delete a container; one that runs only with force",
    query: z.object({ force: z.stringbool().default(false) }),
    operation: true,
    success: { status: 204 },
  },
  startContainer: {
    method: "POST",
    path: "/containers/{name}/start",
    summary: "Start a container; one that runs stays as it is",
    operation: true,
    success: container,
  },
  stopContainer: {
    method: "POST",
    path: "/containers/{name}/stop",
    summary: "Stop a container: SIGTERM, and SIGKILL after the time-out",
    body: StopArguments.prefault({}),
    operation: true,
    success: container,
  },
  killContainer: {
    method: "POST",
    path: "/containers/{name}/kill",
    summary: "Send a signal to a container's first process",
    body: KillArguments.prefault({}),
    operation: true,
    success: container,
  },
  readLogs: {
    method: "GET",
    path: "/containers/{name}/logs",
    summary: "Read a container's output; server-sent events with follow",
    query: LogQuery,
    success: { status: 200, schema: LogRecord, stream: "text/plain" },
  },
  getTrace: {
    method: "GET",
    path: "/containers/{name}/trace",
    summary: "Show the steps of a container's last start",
    success: { status: 200, schema: Trace },
  },
  createSession: {
    method: "POST",
    path: "/containers/{name}/sessions",
    summary: "Open a terminal session",
    body: CreateSession.prefault({}),
    success: { status: 201, schema: Session },
  },
  createTicket: {
    method: "POST",
    path: "/sessions/{id}/tickets",
    summary: "A fresh ticket for a session that exists",
    success: { status: 201, schema: Session },
  },
  deleteSession: { method: "DELETE", path: "/sessions/{id}", summary: "End a session", success: { status: 204 } },
  getOperation: {
    method: "GET",
    path: "/operations/{id}",
    summary: "Show an operation",
    success: { status: 200, schema: OperationResult },
  },
  watchEvents: {
    method: "GET",
    path: "/events",
    summary: "Changes of containers as server-sent events",
    success: { status: 200, schema: ContainerEvent, stream: "text/event-stream" },
  },
  listNodes: {
    method: "GET",
    path: "/nodes",
    summary: "List the machines that run containers",
    success: { status: 200, schema: z.object({ items: z.array(NodeInfo) }) },
  },
  signIn: {
    method: "POST",
    path: "/sign-in",
    summary: "Exchange the operator token or a one-time link's code for a session cookie",
    signIn: false,
    body: SignIn,
    success: { status: 204 },
  },
  signOut: {
    method: "POST",
    path: "/sign-out",
    summary: "End the browser's session",
    signIn: false,
    success: { status: 204 },
  },
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof routes;
