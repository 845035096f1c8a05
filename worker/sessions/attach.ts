import { connect, type Socket } from "node:net";
import { fail, type Problem, ProblemError, problem } from "../../lib/contract/problem.ts";
import { encodeJson, encodeResize, Hello, Opcode } from "../../lib/contract/terminal.ts";
import { createFrameReader, encodeFrame, type FrameReader } from "../../lib/frames.ts";
import type { Context } from "../context.ts";
import { encodeAttach } from "../engine/frames.ts";
import type { Execs } from "./execs.ts";
import { encodeExit, replayLog } from "./replay.ts";
import type { SessionStore } from "./session-store.ts";
import type { Sessions } from "./sessions.ts";
import type { Shares } from "./shares.ts";
import type { StoredSession } from "./stored-session.ts";
import { openTerminal, type Terminal } from "./terminals.ts";
import type { Tickets } from "./tickets.ts";

const helloWithinMs = 5_000;
/** What a client may send once it was let in; signals are not among them. */
const clientOpcodes: ReadonlySet<number | undefined> = new Set([
  Opcode.input,
  Opcode.resize,
  Opcode.ack,
  Opcode.endOfInput,
]);

/** A client's side of a terminal stream: messages in and out. */
export interface ClientStream {
  socket: Socket;
  send(message: Uint8Array): void;
  /** Tells why, and ends the stream. */
  refuse(problem: Problem): void;
}

/** Who asks for a stream: the session in the path, and whom the request's credentials stand for, if it had any. */
export interface StreamRequest {
  sessionId: string;
  principal: string | null;
}

/** What streams are served from. */
export interface StreamServices {
  store: SessionStore;
  sessions: Sessions;
  execs: Execs;
  shares: Shares;
  tickets: Tickets;
}

/** How a client comes in: from which offset on (null: all that there is), and whether it may type. */
interface Entry {
  resumeFrom: number | null;
  writable: boolean;
}

/**
 * Serves a terminal stream on an upgraded connection: hello with a ticket first, then the terminal's stream from its
 * shim, or the end of its log once it has ended. Refusals are told by a problem message.
 */
export function serveStream(context: Context, services: StreamServices, request: StreamRequest, socket: Socket): void {
  const { sessions, shares, tickets } = services;
  const client: ClientStream = {
    socket,
    send: (message) => void socket.write(encodeFrame(message)),
    refuse: (value) => void socket.end(encodeFrame(encodeJson(Opcode.problem, value))),
  };
  const reader = createFrameReader();
  const timer = setTimeout(() => client.refuse(lateHello()), helloWithinMs);
  let onMessage = (message: Buffer): void => {
    clearTimeout(timer);
    const waiting: Buffer[] = [];
    onMessage = (early) => void waiting.push(early);
    const letIn = async () => {
      const hello = readHello(message);
      const session = sessions.find(request.sessionId);
      const grant = tickets.redeem(hello.ticket, session.id, session.mode, request.principal);
      const { writable, share } = grant;
      if (grant.principal !== null) endWithPrincipal(context, client, grant.principal);
      socket.once(
        "close",
        sessions.onEnd(session.id, () => client.refuse(sessionEnded())),
      );
      if (share !== null) {
        socket.once(
          "close",
          shares.onEnd(share, () => client.refuse(shareEnded())),
        );
      }
      const entry = { resumeFrom: hello.resumeFrom ?? null, writable };
      onMessage = await openStream(context, services, session, client, entry);
      waiting.forEach(onMessage);
    };
    letIn().catch((error) => client.refuse(asProblem(context, error)));
  };
  socket.on("data", (piece: Buffer) => {
    try {
      for (const message of reader.push(piece)) onMessage(message);
    } catch (error) {
      client.refuse(asProblem(context, error));
    }
  });
  socket.on("error", () => socket.destroy());
  // Node's HTTP server leaves its half open when the peer has closed the other.
  socket.once("end", () => socket.end());
  socket.once("close", () => clearTimeout(timer));
}

/** Whoever was let in must still be who may be. Throws forbidden when that is no longer so. */
function endWithPrincipal({ access }: Context, client: ClientStream, principal: string): void {
  access.require(principal, "operator");
  const stop = access.onChange(() => {
    try {
      access.require(principal, "operator");
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      client.refuse(error.problem);
    }
  });
  client.socket.once("close", stop);
}

function readHello(message: Buffer): Hello {
  if (message[0] !== Opcode.hello) throw protocolError("the first message must be a hello");
  try {
    return Hello.parse(JSON.parse(message.toString("utf8", 1)));
  } catch {
    throw protocolError("the hello is no JSON object with a ticket");
  }
}

/** Begins to serve a client that was let in; answers what takes its further messages. */
async function openStream(
  context: Context,
  services: StreamServices,
  session: StoredSession,
  client: ClientStream,
  { resumeFrom, writable }: Entry,
): Promise<(message: Buffer) => void> {
  const terminal = await openTerminal(context, services, session);
  if (terminal.end() === null) {
    const shim = await connectToShim(terminal);
    const attached = shim && (await attach(shim, session, resumeFrom, writable));
    if (attached) return relay({ context, terminal, session, client, writable }, attached);
    // It has just ended: soon it is known how.
    if (!(await terminal.untilEnded())) throw shimUnavailable(terminal);
  }
  return replayLog(terminal, session, client, resumeFrom);
}

/** A connection to a terminal's shim, or null when it listens no longer. */
function connectToShim({ socket }: Terminal): Promise<Socket | null> {
  return new Promise((resolve) => {
    const shim = connect(socket);
    shim.once("connect", () => resolve(shim));
    shim.on("error", () => {
      shim.destroy();
      resolve(null);
    });
  });
}

/** A connection on which a shim answers, with what it has said so far. */
interface Attached {
  shim: Socket;
  reader: FrameReader;
  messages: Buffer[];
}

/**
 * Attaches to a shim. Null when its first word is not about that: who has connected hears of an exit at once, and what
 * comes later is not heard any more.
 */
function attach(
  shim: Socket,
  { cols, rows }: StoredSession,
  resumeFrom: number | null,
  writable: boolean,
): Promise<Attached | null> {
  shim.write(encodeAttach(resumeFrom, writable));
  if (writable) shim.write(encodeFrame(encodeResize(cols, rows)));
  const reader = createFrameReader();
  return new Promise((resolve, reject) => {
    const listen = (piece: Buffer) => {
      try {
        const messages = reader.push(piece);
        if (messages[0]) answer(messages[0][0] === Opcode.exit ? null : { shim, reader, messages });
      } catch (error) {
        shim.destroy();
        reject(error);
      }
    };
    const hungUp = () => answer(null);
    const answer = (attached: Attached | null) => {
      shim.pause();
      shim.off("data", listen);
      shim.off("close", hungUp);
      if (!attached) shim.destroy();
      resolve(attached);
    };
    shim.on("data", listen);
    shim.once("close", hungUp);
  });
}

/** A stream that is carried between a client and a shim. */
interface Relay {
  context: Context;
  terminal: Terminal;
  session: StoredSession;
  client: ClientStream;
  writable: boolean;
}

/** Carries messages both ways; answers what takes the client's. Who only watches can acknowledge, and nothing else. */
function relay(stream: Relay, attached: Attached): (message: Buffer) => void {
  const { client, writable } = stream;
  const { shim } = attached;
  relayToClient(stream, attached);
  client.socket.once("close", () => shim.destroy());
  return (message) => {
    if (!clientOpcodes.has(message[0])) return client.refuse(protocolError("the message has another opcode").problem);
    if (!writable && message[0] !== Opcode.ack) return;
    if (!shim.write(encodeFrame(message))) {
      client.socket.pause();
      shim.once("drain", () => client.socket.resume());
    }
  };
}

/** Carries the shim's messages; the first is its ready, to which the session's id is added. */
function relayToClient(
  { context, terminal, session, client, writable }: Relay,
  { shim, reader, messages }: Attached,
): void {
  let told = false;
  const forward = (message: Buffer) => {
    told ||= message[0] === Opcode.exit || message[0] === Opcode.problem;
    client.send(message[0] === Opcode.ready ? withSession(message, session, writable) : message);
  };
  messages.forEach(forward);
  shim.on("data", (piece: Buffer) => {
    try {
      reader.push(piece).forEach(forward);
    } catch (error) {
      client.refuse(asProblem(context, error));
      shim.destroy();
    }
    if (client.socket.writableNeedDrain) {
      shim.pause();
      client.socket.once("drain", () => shim.resume());
    }
  });
  shim.once("close", () => {
    if (told || client.socket.destroyed) client.socket.end();
    else void tellEnd(terminal, client);
  });
  shim.resume();
}

/** A shim that died says no exit: what is known of its end does. */
async function tellEnd(terminal: Terminal, client: ClientStream): Promise<void> {
  const end = await terminal.untilEnded();
  if (end) client.send(encodeExit(end));
  client.socket.end();
}

function withSession(message: Buffer, { id }: StoredSession, writable: boolean): Uint8Array {
  const ready: unknown = JSON.parse(message.toString("utf8", 1));
  return encodeJson(Opcode.ready, { ...Object(ready), sessionId: id, writable });
}

function asProblem(context: Context, error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof RangeError) return protocolError(error.message).problem;
  context.log.error({ err: error }, "a terminal stream failed");
  return problem("internal", "The stream failed", "Something unexpected happened; the worker's log has the error.");
}

function protocolError(detail: string): ProblemError {
  return fail("protocol-error", "The message does not fit", detail);
}

function lateHello(): Problem {
  return problem(
    "ticket-required",
    "No hello came",
    `a hello with a ticket must come within ${helloWithinMs / 1000} s`,
  );
}

function sessionEnded(): Problem {
  return problem("session-not-found", "The session has ended", "someone ended this session, or deleted its container");
}

function shareEnded(): Problem {
  return problem(
    "share-not-found",
    "The sharing has ended",
    "its time is over, or whoever shared the session ended it",
  );
}

function shimUnavailable({ name }: Terminal): ProblemError {
  return fail("container-not-running", "The terminal does not answer", `The shim of ${name} does not listen.`, {
    remedy: "Look at the container's state: if it runs, stop it and start it again.",
  });
}
