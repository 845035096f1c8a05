import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { problem } from "../../lib/contract/problem.ts";
import { decode, encodeBytes, encodeJson, Opcode, terminalProtocol } from "../../lib/contract/terminal.ts";
import { createFrameReader, encodeFrame } from "../../lib/frames.ts";
import { createCallers } from "../callers.ts";
import { startTestWeb, type TestWeb, testToken } from "../testing/fake-worker.ts";
import { createUpgradeHandler } from "./upgrade.ts";

const sessionPath = "/api/v1/sessions/3f0d7a55-7a40-4c57-9d0e-2f6f2ba6a9f1/stream";

let web: TestWeb;
let server: Server;
let address: string;
let serve: (request: IncomingMessage, socket: Duplex) => void;

beforeAll(async () => {
  web = await startTestWeb({ upgrade: (request, socket) => serve(request, socket) });
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  address = `ws://127.0.0.1:${port}`;
  const refuse = (_request: IncomingMessage, socket: Duplex) => socket.destroy();
  web.context.callers = createCallers({ ...web.context.config, port }, web.context.tls);
  server.on("upgrade", createUpgradeHandler(web.context, refuse));
});
beforeEach(() => {
  serve = echo;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await web.close();
});

function accept(socket: Duplex): void {
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${terminalProtocol}\r\n\r\n`);
}

/** A worker that sends every message back. */
function echo(_request: IncomingMessage, socket: Duplex): void {
  accept(socket);
  const reader = createFrameReader();
  socket.on("data", (chunk: Buffer) => {
    for (const message of reader.push(chunk)) socket.write(encodeFrame(message));
  });
}

function open(headers: Record<string, string> = {}, path = sessionPath) {
  const client = new WebSocket(address + path, terminalProtocol, { headers });
  const messages: Buffer[] = [];
  client.on("message", (data: Buffer) => messages.push(data));
  const closed = new Promise<number>((resolve) => client.once("close", resolve));
  const opened = new Promise<void>((resolve, reject) => client.once("open", resolve).once("error", reject));
  return { client, messages, opened, closed };
}

const hello = encodeJson(Opcode.hello, { ticket: "t" });

describe("terminal stream", () => {
  it("carries messages both ways, also those sent in one breath with the hello", async () => {
    const { client, messages, opened, closed } = open();
    await opened;
    client.send(hello);
    client.send(encodeBytes(Opcode.input, Buffer.from("ls\n")));
    await expect.poll(() => messages.length).toBe(2);
    expect(messages[0]?.equals(hello)).toBe(true);
    expect(decode(messages[1] ?? Buffer.alloc(1))).toMatchObject({ opcode: Opcode.input });
    client.close();
    await closed;
  });

  it("tells the worker who asks, when it is known", async () => {
    const principals: unknown[] = [];
    serve = (request, socket) => {
      principals.push(request.headers["x-minirun-principal"]);
      echo(request, socket);
    };
    for (const headers of [{ authorization: `Bearer ${testToken}` }, { authorization: "Bearer wrong" }]) {
      const { client, messages, opened } = open(headers);
      await opened;
      client.send(hello);
      await expect.poll(() => messages.length).toBe(1);
      client.terminate();
    }
    expect(principals).toEqual(["operator", undefined]);
  });

  it("ends with the credential that its ticket was asked for with, whoever connects", async () => {
    const credential = { kind: "token", id: "t1", expiresAt: null } as const;
    web.context.ticketHolders.put("held", { id: "p", name: "p", role: "operator", credential });
    let worker: Duplex | null = null;
    serve = (request, socket) => {
      worker = socket;
      echo(request, socket);
    };
    const { client, messages, opened, closed } = open();
    await opened;
    client.send(encodeJson(Opcode.hello, { ticket: "held" }));
    await expect.poll(() => messages.length).toBe(1);
    web.context.openStreams.revoke({ credential: "t1" });
    await closed;
    expect(decode(messages[1] ?? Buffer.alloc(1))).toMatchObject({ json: { code: "unauthenticated" } });
    await expect.poll(() => worker?.destroyed).toBe(true);
  });

  it("refuses the ticket of someone whose role is too low", async () => {
    const credential = { kind: "operator", id: "t2", expiresAt: null } as const;
    web.context.ticketHolders.put("low", { id: "p", name: "p", role: "viewer", credential });
    const { client, messages, opened, closed } = open();
    await opened;
    client.send(encodeJson(Opcode.hello, { ticket: "low" }));
    await closed;
    expect(decode(messages[0] ?? Buffer.alloc(1))).toMatchObject({ json: { code: "forbidden", status: 403 } });
  });

  it("refuses a first message that is no hello, and text", async () => {
    for (const first of [encodeBytes(Opcode.input, Buffer.from("x")), "text"]) {
      const { client, messages, opened, closed } = open();
      await opened;
      client.send(first);
      await closed;
      expect(decode(messages[0] ?? Buffer.alloc(1))).toMatchObject({ json: { code: "protocol-error" } });
    }
  });

  it("passes on why the worker refuses", async () => {
    const refusal = JSON.stringify(problem("session-not-found", "No such session", "it is gone"));
    serve = (_request, socket) => {
      socket.end(`HTTP/1.1 404 Not Found\r\ncontent-length: ${refusal.length}\r\n\r\n${refusal}`);
    };
    const { client, messages, opened, closed } = open();
    await opened;
    client.send(hello);
    await closed;
    expect(decode(messages[0] ?? Buffer.alloc(1))).toMatchObject({ opcode: 0x85, json: { code: "session-not-found" } });
  });

  it("says that the worker is away, and leaves", async () => {
    serve = (_request, socket) => socket.destroy();
    const { client, messages, opened, closed } = open();
    await opened;
    client.send(hello);
    await closed;
    expect(decode(messages[0] ?? Buffer.alloc(1))).toMatchObject({ json: { code: "worker-unavailable" } });
  });

  it("lets the last words through before it closes", async () => {
    serve = (_request, socket) => {
      accept(socket);
      socket.end(encodeFrame(encodeJson(Opcode.exit, { exitCode: 0, signal: null, reason: "exited" })));
    };
    const { client, messages, opened, closed } = open();
    await opened;
    client.send(hello);
    expect(await closed).toBe(1000);
    expect(decode(messages[0] ?? Buffer.alloc(1))).toMatchObject({ opcode: Opcode.exit });
  });

  it("reads the worker no faster than a slow page takes", async () => {
    let written = 0;
    let stalled = false;
    serve = (_request, socket) => {
      accept(socket);
      const frame = encodeFrame(encodeBytes(Opcode.output, Buffer.alloc(32 * 1024 + 8)));
      const pour = () => {
        stalled = false;
        while (written < 256 * 1024 * 1024) {
          written += frame.length;
          if (!socket.write(frame)) {
            stalled = true;
            socket.once("drain", pour);
            return;
          }
        }
      };
      pour();
    };
    const { client, opened, closed } = open();
    await opened;
    client.pause();
    client.send(hello);
    await sleep(700);
    expect(stalled).toBe(true);
    expect(written).toBeLessThan(32 * 1024 * 1024);
    client.resume();
    const before = written;
    await expect.poll(() => written).toBeGreaterThan(before + 4 * 1024 * 1024);
    client.terminate();
    await closed;
  });
});

describe("what is no terminal stream", () => {
  it.each([
    ["another path", {}, "/api/v1/containers"],
    ["a foreign origin", { origin: "http://evil.example" }, sessionPath],
    ["a foreign host", { host: "evil.example" }, sessionPath],
  ])("refuses %s", async (_, headers, path) => {
    await expect(open(headers, path).opened).rejects.toThrow();
  });

  it("refuses another subprotocol", async () => {
    const client = new WebSocket(address + sessionPath, "chat");
    await expect(new Promise((_, reject) => client.once("error", reject))).rejects.toThrow("400");
  });
});
