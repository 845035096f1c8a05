import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";
import type { Logger } from "pino";
import { type Problem, problem } from "../lib/contract/problem.ts";
import { refuseRaw } from "./problems.ts";

/** What is still being sent is listened to for this long, so that its sender comes to read the answer. */
const lingerMs = 2_000;

/**
 * Answers what is no request of HTTP: headers that are too large or too slow, or bytes that can't be parsed. A
 * connection that broke is closed.
 */
export function refuseBroken(error: NodeJS.ErrnoException, socket: Socket, log: Logger): void {
  const refusal = refusalOf(error.code ?? "");
  if (!refusal || !socket.writable || socket.writableEnded) return void socket.destroy();
  const id = randomUUID();
  const { remoteAddress: remote, bytesWritten } = socket;
  log.info({ id, principal: null, remote, route: "(unreadable)", status: refusal.status, why: error.code }, "request");
  // In the middle of an answer another one would be a part of it.
  if (bytesWritten > 0 && refusal.status !== 431) return void socket.destroy();
  refuseRaw(socket, { ...refusal, requestId: id });
  setTimeout(() => socket.destroy(), lingerMs).unref();
  socket.removeAllListeners("data");
  socket.resume();
}

function refusalOf(code: string): Problem | null {
  if (code === "HPE_HEADER_OVERFLOW") {
    return problem("headers-too-large", "The headers are too large", "a request's address and headers may have 32 KiB");
  }
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") {
    return problem("request-timeout", "The request did not come", "its headers must be there within 10 s");
  }
  if (code.startsWith("HPE_"))
    return problem("invalid-request", "That is no request of HTTP", `it can't be parsed (${code})`);
  return null;
}
