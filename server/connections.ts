import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Logger } from "pino";
import { problem } from "../lib/contract/problem.ts";
import { refuseRaw } from "./problems.ts";

/** The connections of this process, of which there may be so many. */
export interface Connections {
  /**
   * Takes a connection in. When there are too many, the one that has been idle for longest goes; when all are busy, the
   * new one is refused: the answer is false.
   */
  add(socket: Socket): boolean;
  has(socket: Socket): boolean;
  /** A request came on a connection, which is busy until it is answered. */
  begin(request: IncomingMessage, response: ServerResponse): void;
  /** A connection became a WebSocket, which is never idle. */
  upgraded(request: IncomingMessage): void;
  /** Ends what is idle, and from now on every connection once its requests are answered. */
  drain(): void;
}

interface Entry {
  socket: Socket;
  /** Requests in hand. */
  busy: number;
}

/** A terminal takes two descriptors, a request one. */
const maxConnections = 2_048;

const full = problem(
  "too-many-connections",
  "Too many connections",
  "every connection that this server takes is in use",
  { remedy: "Try again in a moment; close streams and terminals that nobody looks at." },
);

/** Requests over TLS come on another object than the connection that carries it: both have the same peer. */
const peerOf = ({ remoteAddress, remotePort, localPort }: Socket) => `${remoteAddress} ${remotePort} ${localPort}`;

export function createConnections(log: Logger): Connections {
  // In the order in which they were last used.
  const entries = new Map<string, Entry>();
  let closed = 0;
  let draining = false;

  const closeOldestIdle = (): boolean => {
    for (const [key, { socket, busy }] of entries) {
      if (busy > 0) continue;
      entries.delete(key);
      socket.destroy();
      closed += 1;
      if (closed === 1 || closed % 1_000 === 0) {
        log.warn({ connections: maxConnections, closed }, "too many connections: the oldest idle ones are closed");
      }
      return true;
    }
    return false;
  };

  const becomesBusy = (request: IncomingMessage): Entry | undefined => {
    const entry = entries.get(peerOf(request.socket));
    if (entry) entry.busy += 1;
    return entry;
  };

  return {
    add(socket) {
      const key = peerOf(socket);
      if (entries.size >= maxConnections && !closeOldestIdle()) {
        refuseRaw(socket, full);
        return false;
      }
      const entry: Entry = { socket, busy: 0 };
      entries.set(key, entry);
      socket.once("close", () => {
        if (entries.get(key) === entry) entries.delete(key);
      });
      return true;
    },
    has: (socket) => entries.get(peerOf(socket))?.socket === socket,
    begin(request, response) {
      const key = peerOf(request.socket);
      const entry = becomesBusy(request);
      if (!entry) return;
      response.once("close", () => {
        entry.busy -= 1;
        if (entry.busy > 0) return;
        if (draining) entry.socket.end();
        // Last again in the order, unless it has been closed.
        if (entries.delete(key)) entries.set(key, entry);
      });
    },
    upgraded: (request) => void becomesBusy(request),
    drain() {
      draining = true;
      for (const { socket, busy } of entries.values()) if (busy === 0) socket.end();
    },
  };
}
