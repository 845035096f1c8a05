import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { fail, type Problem, ProblemError, problem } from "../../lib/contract/problem.ts";
import { encodeJson, encodeResize, Hello, Opcode } from "../../lib/contract/terminal.ts";
import { createFrameReader, encodeFrame } from "../../lib/frames.ts";
import { type Context, runFolder } from "../context.ts";
import { encodeAttach } from "../engine/frames.ts";
import { isRunning } from "../operations/outcome.ts";
import type { ContainerRecord } from "../state/record.ts";
import { encodeExit, replayLog } from "./replay.ts";
import type { Sessions, StoredSession } from "./sessions.ts";
import type { Tickets } from "./tickets.ts";
import { untilEnded } from "./until-ended.ts";

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

/**
 * Serves a terminal stream on an upgraded connection: hello with a ticket first, then the container's own stream from
 * its shim, or the end of its log once it has ended. Refusals are told by a problem message.
 */
export function serveStream(
  context: Context,
  { sessions, tickets }: { sessions: Sessions; tickets: Tickets },
  request: StreamRequest,
  socket: Socket,
): void {
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
      const session = await sessions.find(request.sessionId);
      tickets.redeem(hello.ticket, session.id, session.mode, request.principal);
      socket.once(
        "close",
        sessions.onEnd(session.id, () => client.refuse(sessionEnded())),
      );
      onMessage = await openStream(context, session, client, hello.resumeFrom ?? null);
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
  session: StoredSession,
  client: ClientStream,
  resumeFrom: number | null,
): Promise<(message: Buffer) => void> {
  const record = await findStarted(context, session.containerId);
  if (isRunning(record)) {
    const shim = await connectToShim(context, record);
    if (shim) return relay(context, shim, session, client, resumeFrom);
    // It has just ended: soon the record says how.
    const ended = await untilEnded(context, record.id);
    if (!ended) throw shimUnavailable(record);
    return replayLog(context, ended, session, client, resumeFrom);
  }
  return replayLog(context, record, session, client, resumeFrom);
}

/** The session's container; one that is being started, once that is done. */
async function findStarted(context: Context, id: string): Promise<ContainerRecord> {
  const starting = context.records.find(id)?.status.state === "starting";
  if (starting) await context.lanes.run(id, async () => {});
  const record = context.records.find(id);
  if (record) return record;
  throw fail("container-not-found", "No such container", "The session's container was deleted.");
}

/** A connection to a container's shim, or null when it listens no longer. */
function connectToShim(context: Context, { id }: ContainerRecord): Promise<Socket | null> {
  return new Promise((resolve) => {
    const shim = connect(join(runFolder(context, id), "shim.sock"));
    shim.once("connect", () => resolve(shim));
    shim.on("error", () => {
      shim.destroy();
      resolve(null);
    });
  });
}

/** Carries messages both ways; answers what takes the client's. */
function relay(
  context: Context,
  shim: Socket,
  session: StoredSession,
  client: ClientStream,
  resumeFrom: number | null,
): (message: Buffer) => void {
  shim.write(encodeAttach(resumeFrom, true));
  shim.write(encodeFrame(encodeResize(session.cols, session.rows)));
  relayToClient(context, shim, session, client);
  client.socket.once("close", () => shim.destroy());
  return (message) => {
    if (!clientOpcodes.has(message[0])) return client.refuse(protocolError("the message has another opcode").problem);
    if (!shim.write(encodeFrame(message))) {
      client.socket.pause();
      shim.once("drain", () => client.socket.resume());
    }
  };
}

/** Carries the shim's messages; the first is its ready, to which the session's id is added. */
function relayToClient(context: Context, shim: Socket, session: StoredSession, client: ClientStream): void {
  const reader = createFrameReader();
  let told = false;
  const forward = (message: Buffer) => {
    told ||= message[0] === Opcode.exit || message[0] === Opcode.problem;
    client.send(message[0] === Opcode.ready ? withSession(message, session) : message);
  };
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
    else void tellEnd(context, session, client);
  });
}

/** A shim that died says no exit: the record does. */
async function tellEnd(context: Context, { containerId }: StoredSession, client: ClientStream): Promise<void> {
  const record = await untilEnded(context, containerId);
  if (record) client.send(encodeExit(record));
  client.socket.end();
}

function withSession(message: Buffer, { id }: StoredSession): Uint8Array {
  const ready: unknown = JSON.parse(message.toString("utf8", 1));
  return encodeJson(Opcode.ready, { ...Object(ready), sessionId: id, writable: true });
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

function shimUnavailable({ spec }: ContainerRecord): ProblemError {
  return fail("container-not-running", "The terminal does not answer", `${spec.name}'s shim does not listen.`, {
    remedy: "Look at the container's state: if it runs, stop it and start it again.",
  });
}
