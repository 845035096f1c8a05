import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { openWorkerStream } from "../../lib/client/worker.ts";
import { type Problem, problem } from "../../lib/contract/problem.ts";
import { Opcode, terminalProtocol } from "../../lib/contract/terminal.ts";
import type { WebContext } from "../context.ts";
import { checkCaller } from "../origins.ts";
import { resolvePrincipal } from "../principals.ts";
import { internalProblem, problemHeaders, problemOf } from "../problems.ts";
import { closeWithProblem, framesFrom, messageBytes, relay } from "./relay.ts";

const helloWithinMs = 5_000;
const streamPath = /^\/api\/v1\/sessions\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/stream$/;

export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/**
 * Answers upgrades to the terminal protocol; every other path goes to `otherwise`.
 * `hosts` are the values of `Host`, and of `Origin` without its scheme, that may come.
 */
export function createUpgradeHandler(
  context: WebContext,
  hosts: ReadonlySet<string>,
  otherwise: UpgradeHandler,
): UpgradeHandler {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: 1024 * 1024,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(terminalProtocol) ? terminalProtocol : false),
  });
  context.stopping.addEventListener("abort", () => {
    for (const client of sockets.clients) client.close(1001);
  });
  return (request, socket, head) => {
    socket.on("error", () => socket.destroy());
    const refusal = checkCaller(request, hosts);
    if (refusal) return refuse(socket, refusal);
    const sessionId = streamPath.exec(request.url?.split("?", 1)[0] ?? "")?.[1];
    if (!sessionId) return otherwise(request, socket, head);
    if (!offersProtocol(request)) return refuse(socket, wrongProtocol());
    sockets.handleUpgrade(request, socket, head, (client) => void serve(context, client, request, sessionId));
  };
}

function offersProtocol({ headers }: IncomingMessage): boolean {
  const offered = headers["sec-websocket-protocol"]?.split(",").map((name) => name.trim()) ?? [];
  return offered.includes(terminalProtocol);
}

function refuse(socket: Duplex, value: Problem): void {
  const headers = Object.entries({ ...problemHeaders(value), connection: "close" });
  const lines = headers.map(([name, text]) => `${name}: ${text}\r\n`).join("");
  socket.end(`HTTP/1.1 ${value.status} Refused\r\n${lines}\r\n${JSON.stringify(value)}`);
}

async function serve(context: WebContext, client: WebSocket, request: IncomingMessage, id: string): Promise<void> {
  client.on("error", () => client.terminate());
  try {
    const frames = framesFrom(client);
    const refusal = await missingHello(client);
    if (refusal) return closeWithProblem(client, refusal);
    const principal = resolvePrincipal(request.headers, context.secrets);
    const stream = await openWorkerStream(context.workerSocket, `/sessions/${id}/stream`, {
      ...(principal && { "x-minirun-principal": principal.id }),
    });
    if (client.readyState !== client.OPEN) return void stream.socket.destroy();
    relay(client, frames, stream);
  } catch (error) {
    const known = problemOf(error);
    if (!known) context.log.error({ err: error }, "a terminal stream could not be opened");
    closeWithProblem(client, known ?? internalProblem());
  }
}

/** Waits for the first message; null when it is a hello, else what to say. */
function missingHello(client: WebSocket): Promise<Problem | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(lateHello()), helloWithinMs);
    client.once("close", () => {
      clearTimeout(timer);
      resolve(lateHello());
    });
    client.once("message", (data) => {
      clearTimeout(timer);
      resolve(messageBytes(data)[0] === Opcode.hello ? null : noHello());
    });
  });
}

function lateHello(): Problem {
  return problem(
    "ticket-required",
    "No hello came",
    `a hello with a ticket must come within ${helloWithinMs / 1000} s`,
  );
}

function noHello(): Problem {
  return problem("protocol-error", "The first message must be a hello", "it has another opcode than 0x01");
}

function wrongProtocol(): Problem {
  return problem("invalid-request", "The subprotocol is missing", `offer ${terminalProtocol} when you connect`);
}
