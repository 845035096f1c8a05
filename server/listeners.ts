import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createHttpsServer, type Server as TlsServer } from "node:https";
import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import type { Logger } from "pino";
import type { Config } from "../lib/config.ts";
import type { TlsMessage, TlsPair } from "../lib/tls-material.ts";
import { refuseBroken } from "./broken-requests.ts";
import { type Connections, createConnections } from "./connections.ts";
import type { UpgradeHandler } from "./stream/upgrade.ts";
import { readTlsMessages, type TlsKeeper } from "./tls-state.ts";

export interface Handlers {
  request(request: IncomingMessage, response: ServerResponse): void;
  upgrade: UpgradeHandler;
}

/** The ports of this process: HTTP from the start, HTTPS once there is a certificate. */
export interface Listeners {
  /** Resolves when HTTP is there. Rejects when the address can't be had. */
  listen(): Promise<void>;
  /** Takes certificates from a stream of the supervisor's messages, now and later. */
  follow(messages: Readable): void;
  /** Takes no more connections; resolves when those that are left have ended. */
  close(): Promise<void>;
}

const limits = {
  // A merged log names many containers in its address.
  maxHeaderSize: 32 * 1024,
  headersTimeout: 10_000,
  // An upload may take long: body-deadline.ts watches over bodies.
  requestTimeout: 0,
  keepAliveTimeout: 20_000,
  connectionsCheckingInterval: 5_000,
};
const firstByteMs = 10_000;
/** The first byte of every TLS connection: a record of type handshake (RFC 8446, 5.1). */
const tlsHandshake = 0x16;

type Settings = Pick<Config, "host" | "port">;

export function createListeners(config: Settings, tls: TlsKeeper, handlers: Handlers, log: Logger): Listeners {
  const connections = createConnections(log);
  const plain = createHttpServer(limits);
  serve(plain, handlers, connections, log);
  let secure: TlsServer | null = null;

  const acceptPlain = plain.listeners("connection")[0] as (socket: Socket) => void;
  plain.removeAllListeners("connection");
  plain.on("connection", (socket: Socket) => {
    if (!connections.add(socket)) return;
    if (secure) sortOut(socket, secure, (one) => acceptPlain.call(plain, one));
    else acceptPlain.call(plain, socket);
  });

  const use = ({ certificate: cert, key }: TlsPair) => {
    if (secure) return secure.setSecureContext({ cert, key, minVersion: "TLSv1.2" });
    const server = createHttpsServer({ ...limits, cert, key, minVersion: "TLSv1.2", handshakeTimeout: 10_000 });
    serve(server, handlers, connections, log);
    server.prependListener("connection", (socket: Socket) => {
      if (!connections.has(socket) && !connections.add(socket)) socket.destroy();
    });
    server.on("error", (error) =>
      log.error({ err: error }, `cannot listen on ${config.host}:${tls.port}: no HTTPS there`),
    );
    server.listen(tls.port, config.host);
    secure = server;
  };

  return {
    listen: () =>
      new Promise((resolve, reject) => {
        plain.once("error", reject);
        plain.listen(config.port, config.host, resolve);
      }),
    follow: (messages) => readTlsMessages(messages, log, (message: TlsMessage) => tls.take(message, use)),
    async close() {
      const servers = [plain, secure].filter((server) => server !== null);
      const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)));
      connections.drain();
      await Promise.all(closed);
    },
  };
}

function serve(server: Server | TlsServer, handlers: Handlers, connections: Connections, log: Logger): void {
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    connections.begin(request, response);
    handlers.request(request, response);
  });
  server.on("upgrade", (request: IncomingMessage, socket: Socket, head: Buffer) => {
    connections.upgraded(request);
    handlers.upgrade(request, socket, head);
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => refuseBroken(error, socket, log));
}

/**
 * Where there is HTTPS, the HTTP port speaks it, too: a browser that has learnt to use TLS alone for this name (HSTS)
 * keeps the port of an address.
 */
function sortOut(socket: Socket, secure: TlsServer, acceptPlain: (socket: Socket) => void): void {
  const timer = setTimeout(() => socket.destroy(), firstByteMs);
  const onError = () => socket.destroy();
  socket.once("error", onError);
  socket.once("close", () => clearTimeout(timer));
  socket.once("data", (first: Buffer) => {
    clearTimeout(timer);
    socket.off("error", onError);
    socket.pause();
    socket.unshift(first);
    if (first[0] === tlsHandshake) secure.emit("connection", socket);
    else acceptPlain(socket);
    process.nextTick(() => socket.resume());
  });
}
