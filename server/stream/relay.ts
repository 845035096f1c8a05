import type { Socket } from "node:net";
import { PassThrough, type Readable } from "node:stream";
import type { RawData, WebSocket } from "ws";
import type { WorkerStream } from "../../lib/client/worker.ts";
import { type Problem, problem } from "../../lib/contract/problem.ts";
import { encodeJson, Opcode } from "../../lib/contract/terminal.ts";
import { createFrameReader, encodeFrame } from "../../lib/frames.ts";

const highWaterBytes = 1024 * 1024;
const lowWaterBytes = 256 * 1024;
const pingEveryMs = 30_000;

/** The bytes of a WebSocket message, whichever way ws hands them over. */
export function messageBytes(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}

/** Tells the page why its stream ends, and ends it. */
export function closeWithProblem(client: WebSocket, value: Problem): void {
  if (client.readyState !== client.OPEN) return;
  client.send(encodeJson(Opcode.problem, value));
  client.close(1000);
}

/**
 * What the page sends, as frames for the worker. It may be read later: a page that sends more meanwhile is paused.
 */
export function framesFrom(client: WebSocket): Readable {
  const frames = new PassThrough();
  client.on("message", (data, isBinary) => {
    if (!isBinary) closeWithProblem(client, textMessage());
    else if (!frames.write(encodeFrame(messageBytes(data)))) client.pause();
  });
  frames.on("drain", () => client.resume());
  return frames;
}

/**
 * Carries messages between a page and the worker until either side ends. Neither side is read faster than the other
 * takes: what is in flight stays below some 2 MiB.
 */
export function relay(client: WebSocket, fromClient: Readable, { socket: worker, head }: WorkerStream): void {
  const stopPinging = endDeadClients(client);
  fromClient.pipe(worker);
  relayToClient(client, worker, head);
  client.once("close", () => {
    stopPinging();
    worker.destroy();
  });
}

function relayToClient(client: WebSocket, worker: Socket, head: Buffer): void {
  const frames = createFrameReader();
  const sent = () => {
    if (worker.isPaused() && client.bufferedAmount < lowWaterBytes) worker.resume();
  };
  const forward = (chunk: Buffer) => {
    try {
      for (const message of frames.push(chunk)) client.send(message, { binary: true }, sent);
    } catch (error) {
      closeWithProblem(client, brokenStream(error));
      worker.destroy();
    }
    if (client.bufferedAmount > highWaterBytes) worker.pause();
  };
  worker.on("data", forward);
  worker.on("error", (error) => closeWithProblem(client, brokenStream(error)));
  worker.once("end", () => client.close(1000));
  worker.once("close", () => client.close(1000));
  if (head.length > 0) forward(head);
}

/** A page whose machine went to sleep never closes; it is ended when it leaves a ping unanswered. */
function endDeadClients(client: WebSocket): () => void {
  let answered = true;
  client.on("pong", () => {
    answered = true;
  });
  const timer = setInterval(() => {
    if (!answered) return client.terminate();
    answered = false;
    client.ping();
  }, pingEveryMs);
  return () => clearInterval(timer);
}

/** The problem of a message that is not binary. */
function textMessage(): Problem {
  return problem("protocol-error", "The message does not fit", "a text message came; every message is binary");
}

function brokenStream(error: unknown): Problem {
  const reason = error instanceof Error ? error.message : String(error);
  return problem("worker-unavailable", "The worker broke off", `the stream to the worker ended: ${reason}`, {
    remedy: "The session goes on: connect again with a fresh ticket.",
  });
}
