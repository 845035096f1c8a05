import { chmod, chown, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Logger } from "pino";
import { fail, type Problem, ProblemError, problem } from "../../lib/contract/problem.ts";
import { terminalProtocol } from "../../lib/contract/terminal.ts";
import type { Addon } from "../addon/addon.ts";
import { descriptorOf } from "./descriptor.ts";

const maxBodyBytes = 1024 * 1024;
/** The rest of a body that was refused is listened to for this long. */
const lingerMs = 10_000;

/** A request to the worker, its body read and parsed. */
export interface Call {
  request: IncomingMessage;
  response: ServerResponse;
  params: Record<string, string>;
  query: URLSearchParams;
  body: unknown;
}

/**
 * A route of worker.sock. `root` admits the local root alone; with `upload` the handler reads the request's body itself.
 * The handler returns JSON, or answers by itself.
 */
export interface WorkerRoute {
  method: string;
  pattern: RegExp;
  root?: true;
  upload?: true;
  handle(call: Call): unknown;
}

export interface WorkerServerOptions {
  socketPath: string;
  addon: Addon;
  /** The web process's user, beside root the only one that is heard; null when there is no such user. */
  web: { uid: number; gid: number } | null;
  routes: readonly WorkerRoute[];
  log: Logger;
  /** Serves a terminal stream: the request's upgraded connection. */
  upgrade(request: IncomingMessage, socket: Socket): void;
}

/** Listens on worker.sock: mode 0660, group of the web user, and the kernel says who is at the other end. */
export async function listen(options: WorkerServerOptions): Promise<Server> {
  const { socketPath, web, log } = options;
  const callers = new WeakMap<Socket, number>();
  const server = createServer({ requestTimeout: 0 }, (request, response) => {
    const uid = callers.get(request.socket);
    answer(options.routes, request, response, uid).catch((error) => refuse(request, response, asProblem(error, log)));
  });
  server.on("connection", (socket: Socket) => {
    const uid = callerOf(options.addon, socket);
    if (uid === 0 || (web && uid === web.uid)) callers.set(socket, uid);
    else {
      log.warn({ uid }, "a stranger on worker.sock was turned away");
      socket.destroy();
    }
  });
  server.on("upgrade", (request: IncomingMessage, socket: Socket, head: Buffer) => {
    if (request.headers.upgrade !== terminalProtocol) return socket.destroy();
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: ${terminalProtocol}\r\nConnection: Upgrade\r\n\r\n`);
    if (head.length > 0) socket.unshift(head);
    options.upgrade(request, socket);
  });
  await rm(socketPath, { force: true });
  // Nobody gets in between bind and chmod: the mask leaves the socket to root.
  const mask = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(socketPath, resolve);
    });
  } finally {
    process.umask(mask);
  }
  if (web) await chown(socketPath, 0, web.gid);
  await chmod(socketPath, 0o660);
  return server;
}

function callerOf(addon: Addon, socket: Socket): number | null {
  const fd = descriptorOf(socket);
  return fd === null ? null : addon.peerCredentials(fd).uid;
}

async function answer(
  routes: readonly WorkerRoute[],
  request: IncomingMessage,
  response: ServerResponse,
  uid: number | undefined,
): Promise<void> {
  const url = new URL(request.url ?? "/", "http://worker");
  for (const route of routes) {
    const match = route.method === request.method ? route.pattern.exec(url.pathname) : null;
    if (!match) continue;
    if (route.root && uid !== 0) throw fail("forbidden", "That is root's alone", "this call needs the local root");
    const body = route.upload ? undefined : await readBody(request);
    const params = { ...match.groups };
    const value = await route.handle({ request, response, params, query: url.searchParams, body });
    if (!response.headersSent && !response.writableEnded) sendJson(response, value);
    return;
  }
  throw fail("not-found", "No such call", `worker.sock has no ${request.method} ${url.pathname}`);
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Left open when it is too large, so that the refusal still goes out.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes)
      throw fail("body-too-large", "The body is too large", `more than ${maxBodyBytes} bytes came`);
    chunks.push(chunk);
  }
  if (size === 0) return undefined;
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    throw fail("invalid-json", "The body is not JSON", "it can't be parsed");
  }
}

function sendJson(response: ServerResponse, value: unknown): void {
  if (value === undefined) return void response.writeHead(204).end();
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
}

/**
 * Answers with a problem. What the caller still sends is thrown away meanwhile: it would hear of a connection that was
 * closed while it writes, and not why. It has the whole answer by then, and may leave.
 */
function refuse(request: IncomingMessage, response: ServerResponse, value: Problem): void {
  if (response.headersSent) return void response.destroy();
  const text = JSON.stringify(value);
  const headers = { "content-type": "application/problem+json", "content-length": Buffer.byteLength(text) };
  response.writeHead(value.status, headers).write(text);
  const end = () => response.end();
  if (request.complete) return void end();
  const timer = setTimeout(end, lingerMs);
  response.once("close", () => clearTimeout(timer));
  request.once("end", end).resume();
}

function asProblem(error: unknown, log: Logger): Problem {
  if (error instanceof ProblemError) return error.problem;
  log.error({ err: error }, "a call failed");
  return problem("internal", "The worker failed", "Something unexpected happened; the worker's log has the error.");
}
