import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { openWorkerStream, type WorkerStream } from "../../lib/client/worker.ts";
import type { Principal } from "../../lib/contract/principal.ts";
import { type Problem, problem } from "../../lib/contract/problem.ts";
import { sockets as contract } from "../../lib/contract/routes.ts";
import { Hello, Opcode, terminalProtocol } from "../../lib/contract/terminal.ts";
import type { WebContext } from "../context.ts";
import { findOutWhoAsks } from "../find-out-who-asks.ts";
import { type Asker, refusal } from "../permission.ts";
import { internalProblem, problemOf, refuseRaw } from "../problems.ts";
import { redirectRaw, secureAddress } from "../redirect-to-tls.ts";
import { closeWithProblem, framesFrom, messageBytes, relay } from "./relay.ts";

const helloWithinMs = 5_000;
const closeWithinMs = 500;
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
    const hello = await firstMessage(client);
    if (!(hello instanceof Uint8Array)) return closeWithProblem(client, hello);
    const asker = await findOutWhoAsks(context, request.headers, context.callers.read(request));
    const holder = context.ticketHolders.get(ticketIn(hello));
    const refused = refuse(holder, asker);
    if (refused) return closeWithProblem(client, refused);
    const stream = await openWorkerStream(context.workerSocket, `/sessions/${id}/stream`, {
      ...(asker.principal && { "x-minirun-principal": asker.principal.id }),
    });
    if (client.readyState !== client.OPEN) return void stream.socket.destroy();
    if (holder) endWithCredential(context, client, stream, holder);
    relay(client, frames, stream);
  } catch (error) {
    const known = problemOf(error);
    if (!known) context.log.error({ err: error }, "a terminal stream could not be opened");
    closeWithProblem(client, known ?? internalProblem());
  }
}

/**
 * Who was given the ticket must still have the role, and so must whoever brings it, unless the connection says nothing
 * of that. A ticket that was given to nobody is a share's, or none: the worker knows.
 */
function refuse(holder: Principal | null, asker: Asker): Problem | null {
  if (!holder) return null;
  const { role } = contract.terminalStream;
  const bringer = asker.principal ? asker : { principal: holder, credentialProblem: null };
  return refusal(role, bringer);
}

/** Cuts a stream off when the credential that its ticket was asked for with holds no longer. */
function endWithCredential(
  { openStreams }: WebContext,
  client: WebSocket,
  { socket }: WorkerStream,
  principal: Principal,
): void {
  const takeOut = openStreams.add({
    principal,
    needed: contract.terminalStream.role,
    end(why) {
      // At once: what the client still sends until it closes, too, must not arrive.
      socket.destroy();
      closeWithProblem(client, why);
      setTimeout(() => client.terminate(), closeWithinMs).unref();
    },
  });
  client.once("close", takeOut);
}

/** The ticket that a hello carries, if any; the worker says what is wrong with one that has none. */
function ticketIn(hello: Uint8Array): string {
  try {
    return Hello.parse(JSON.parse(Buffer.from(hello.subarray(1)).toString())).ticket ?? "";
  } catch {
    return "";
  }
}

/** Waits for the first message; when it is no hello, what to say. */
function firstMessage(client: WebSocket): Promise<Uint8Array | Problem> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(lateHello()), helloWithinMs);
    client.once("close", () => {
      clearTimeout(timer);
      resolve(lateHello());
    });
    client.once("message", (data) => {
      clearTimeout(timer);
      const bytes = messageBytes(data);
      resolve(bytes[0] === Opcode.hello ? bytes : noHello());
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
