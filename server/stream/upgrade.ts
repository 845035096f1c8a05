import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { openWorkerStream } from "../../lib/client/worker.ts";
import { type Problem, problem } from "../../lib/contract/problem.ts";
import { Opcode, terminalProtocol } from "../../lib/contract/terminal.ts";
import type { WebContext } from "../context.ts";
import { resolvePrincipal } from "../principals.ts";
import { internalProblem, problemOf, refuseRaw } from "../problems.ts";
import { redirectRaw, secureAddress } from "../redirect-to-tls.ts";
import { closeWithProblem, framesFrom, messageBytes, relay } from "./relay.ts";

const helloWithinMs = 5_000;
const streamPath = /^\/api\/v1\/sessions\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/stream$/;

export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/**
 * Answers upgrades to the terminal protocol; every other path goes to `otherwise`.
 */
export function createUpgradeHandler(context: WebContext, otherwise: UpgradeHandler): UpgradeHandler {
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
    const caller = context.callers.read(request);
    const refusal = context.callers.refuse(caller, request);
    if (refusal) return refuseRaw(socket, refusal);
    const elsewhere = secureAddress(context, caller, request);
    if (elsewhere !== null) return redirectRaw(socket, elsewhere);
    const sessionId = streamPath.exec(request.url?.split("?", 1)[0] ?? "")?.[1];
    if (!sessionId) return otherwise(request, socket, head);
    if (!offersProtocol(request)) return refuseRaw(socket, wrongProtocol());
    sockets.handleUpgrade(request, socket, head, (client) => void serve(context, client, request, sessionId));
  };
}

function offersProtocol({ headers }: IncomingMessage): boolean {
  const offered = headers["sec-websocket-protocol"]?.split(",").map((name) => name.trim()) ?? [];
  return offered.includes(terminalProtocol);
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
