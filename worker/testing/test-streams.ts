import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { decode, encodeAck, encodeJson, Opcode } from "../../lib/contract/terminal.ts";
import { createFrameReader, encodeFrame } from "../../lib/frames.ts";
import type { Context } from "../context.ts";
import { type StreamRequest, type StreamServices, serveStream } from "../sessions/attach.ts";

/** What a page holds: the messages that it got, and what they print. */
export interface Page {
  socket: Socket;
  messages: { opcode: number; json?: unknown; offset?: number }[];
  text(): string;
  send(message: Uint8Array): void;
  /** The first message with this opcode, once it is there. */
  json(opcode: number): Promise<unknown>;
  closed: Promise<unknown>;
}

/** Terminal streams on a socket, as worker.sock upgrades to them. */
export interface TestStreams {
  open(request: Pick<StreamRequest, "sessionId"> & Partial<StreamRequest>, hello: object): Page;
  close(): Promise<void>;
}

export async function serveTestStreams(context: Context, services: StreamServices): Promise<TestStreams> {
  const folder = await mkdtemp(join(tmpdir(), "minirun-test-streams-"));
  const path = join(folder, "sock");
  const requests: StreamRequest[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const request = requests.shift();
    if (request) serveStream(context, services, request, socket);
  });
  server.listen(path);
  await once(server, "listening");
  return {
    open(request, hello) {
      requests.push({ principal: "operator", ...request });
      return openPage(connect(path), hello);
    },
    async close() {
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A page that acknowledges all output as it comes. */
function openPage(socket: Socket, hello: object): Page {
  const messages: Page["messages"] = [];
  const chunks: Uint8Array[] = [];
  const reader = createFrameReader();
  const send = (message: Uint8Array) => void socket.write(encodeFrame(message));
  socket.on("data", (piece: Buffer) => {
    for (const message of reader.push(piece).map(decode)) {
      messages.push(message);
      if (message.opcode !== Opcode.output && message.opcode !== Opcode.errorOutput) continue;
      chunks.push(message.bytes.slice());
      send(encodeAck(message.offset + message.bytes.length));
    }
  });
  socket.on("error", () => {});
  send(encodeJson(Opcode.hello, hello));
  return {
    socket,
    messages,
    send,
    text: () => Buffer.concat(chunks).toString(),
    closed: once(socket, "close"),
    async json(opcode) {
      const find = () => messages.find((message) => message.opcode === opcode);
      await expect.poll(find, { timeout: 10_000 }).toBeDefined();
      return find()?.json;
    },
  };
}
