import { once } from "node:events";
import { createConnection, Socket } from "node:net";
import type { Readable } from "node:stream";
import { type Config, paths } from "../lib/config.ts";
import { parseSecrets, readSecrets, type Secrets } from "./secrets.ts";

const secretsDescriptor = 3;
const tlsDescriptor = 4;
const maxSecretsBytes = 64 * 1024;

/** What the supervisor, which may read it, gives to this process, which may not. */
export interface Handover {
  secrets: Secrets;
  /** Certificate and key, at the start and whenever they change; null where none are told. */
  tls: Readable | null;
}

/**
 * A child of the supervisor's gets it by descriptors 3 and 4. A unit of systemd's own fetches it from RUN/web.sock, and
 * `onLost` is called when that connection ends. Throws when there is nobody to fetch it from: systemd tries again.
 */
export async function receiveHandover(config: Config, onLost: () => void): Promise<Handover> {
  if (config.web === "unit") return fetchHandover(paths(config).webSocket, onLost);
  const secrets = readSecrets(secretsDescriptor);
  const tls = new Socket({ fd: tlsDescriptor, readable: true, writable: false }).unref();
  return { secrets, tls: secrets.tlsMessages ? tls : null };
}

async function fetchHandover(path: string, onLost: () => void): Promise<Handover> {
  const socket = createConnection(path);
  await once(socket, "connect");
  socket.write(`${JSON.stringify({ pid: process.pid })}\n`);
  const secrets = parseSecrets(await readLine(socket));
  socket.once("close", onLost);
  socket.on("error", () => {});
  return { secrets, tls: socket };
}

/** The first line; what comes behind it stays in the stream. */
async function readLine(socket: Socket): Promise<string> {
  let read = Buffer.alloc(0);
  for (;;) {
    const chunk: Buffer | null = socket.read();
    if (chunk === null) {
      if (socket.readableEnded || socket.destroyed) throw new Error("the supervisor closed the connection");
      await Promise.race([once(socket, "readable"), once(socket, "close")]);
      continue;
    }
    read = Buffer.concat([read, chunk]);
    const end = read.indexOf("\n");
    if (end >= 0) {
      socket.unshift(read.subarray(end + 1));
      return read.subarray(0, end).toString();
    }
    if (read.length > maxSecretsBytes) throw new Error("the supervisor's first line has no end");
  }
}
