import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { fail, problem } from "@/lib/contract/problem.ts";
import { decode, encodeJson, Opcode, type TerminalMessage, terminalProtocol } from "@/lib/contract/terminal.ts";
import type { InputState } from "./input-queue.ts";
import {
  createTerminalClient,
  type TerminalClient,
  type TerminalOptions,
  type TerminalState,
} from "./terminal-client.ts";

/** One connection that the test's server has accepted. */
interface Peer {
  socket: WebSocket;
  heard: TerminalMessage[];
  hello(): { ticket?: string; resumeFrom?: number };
  ready(offset: number): void;
  output(offset: number, text: string | Uint8Array): void;
}

let server: WebSocketServer;
let peers: Peer[];
let states: TerminalState[];
let shown: string;
let gaps: { from: number; to: number }[];
let input: InputState;
let sessions: number;
/** Messages that the network still takes; none, and everything stays in the page's buffer. */
let room: number;
let consume: ((consumed: () => void) => void) | null;
let client: TerminalClient;

beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: "127.0.0.1", handleProtocols: () => terminalProtocol });
  await new Promise((resolve) => server.once("listening", resolve));
  [peers, states, shown, gaps, sessions, room, consume] = [[], [], "", [], 0, Infinity, null];
  server.on("connection", (socket) => peers.push(accept(socket)));
  client = createTerminalClient(options());
});
afterEach(async () => {
  client.stop();
  for (const socket of server.clients) socket.terminate();
  await new Promise((resolve) => server.close(resolve));
});

function accept(socket: WebSocket): Peer {
  const heard: TerminalMessage[] = [];
  socket.on("message", (data: Buffer) => heard.push(decode(data)));
  return {
    socket,
    heard,
    hello() {
      const [first] = heard;
      return first?.opcode === Opcode.hello ? (first.json as ReturnType<Peer["hello"]>) : {};
    },
    ready: (offset) =>
      socket.send(encodeJson(Opcode.ready, { sessionId: "s", tty: true, offset, cols: 80, rows: 24, writable: true })),
    output(offset, text) {
      const head = Buffer.alloc(9);
      head.writeUInt8(Opcode.output);
      head.writeBigUInt64BE(BigInt(offset), 1);
      socket.send(Buffer.concat([head, Buffer.from(text)]));
    },
  };
}

function session(sessionId: string) {
  const containerId = "3f0d7a55-7a40-4c57-9d0e-2f6f2ba6a9f1";
  const ticket = `ticket-${++sessions}`;
  const expiresAt = "2026-01-01T00:00:00Z";
  return { sessionId, containerId, mode: "attach" as const, writable: true, ticket, path: "/stream", expiresAt };
}

function options(change: Partial<TerminalOptions> = {}): TerminalOptions {
  const { port } = server.address() as AddressInfo;
  return {
    openSession: async () => session("s"),
    openSocket(path, events) {
      const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, terminalProtocol);
      socket.on("open", events.open);
      socket.on("message", (data: Buffer) => events.message(new Uint8Array(data)));
      socket.on("error", () => {});
      socket.on("close", events.close);
      return {
        send(data) {
          room -= 1;
          socket.send(data);
        },
        close: () => socket.close(),
        bufferedAmount: () => (room > 0 ? socket.bufferedAmount : 2 ** 20),
      };
    },
    size: () => ({ cols: 100, rows: 30 }),
    onState: (state) => states.push(state),
    onInput: (state) => {
      input = state;
    },
    onOutput(bytes, _end, consumed) {
      shown += Buffer.from(bytes).toString();
      if (consume) consume(consumed);
      else consumed();
    },
    onGap: (gap) => gaps.push(gap),
    ...change,
  };
}

const peer = async (index: number): Promise<Peer> => {
  await expect.poll(() => peers[index]?.heard.length ?? 0, { timeout: 5000 }).toBeGreaterThan(0);
  const found = peers[index];
  if (!found) throw new Error(`there is no connection ${index}`);
  return found;
};
const last = () => states.at(-1)?.kind;
const typed = ({ heard }: Peer) =>
  heard.flatMap((message) => (message.opcode === Opcode.input ? [Buffer.from(message.bytes).toString()] : [])).join("");

async function live(): Promise<Peer> {
  client.start();
  const first = await peer(0);
  first.ready(0);
  await expect.poll(last).toBe("live");
  return first;
}

describe("connecting", () => {
  it("greets with the ticket, and sends its size once ready", async () => {
    const first = await live();
    expect(first.hello()).toEqual({ ticket: "ticket-1" });
    await expect.poll(() => first.heard.at(-1)).toEqual({ opcode: Opcode.resize, cols: 100, rows: 30 });
    expect(states.map(({ kind }) => kind)).toEqual(["connecting", "live"]);
  });

  it("asks for the session ahead when it is told that a start is near", async () => {
    client.prepare();
    expect(sessions).toBe(1);
    const first = await live();
    expect(first.hello()).toEqual({ ticket: "ticket-1" });
    expect(sessions).toBe(1);
  });

  it("asks again when what it asked for ahead came too early", async () => {
    let asked = 0;
    const openSession = async () => {
      asked += 1;
      if (asked === 1) throw fail("container-not-running", "The container does not run", "it was never started");
      return session("s");
    };
    client = createTerminalClient(options({ openSession }));
    client.prepare();
    expect((await live()).hello()).toEqual({ ticket: "ticket-1" });
    expect(asked).toBe(2);
  });

  it("says why it was refused for good, and does not try again", async () => {
    const openSession = async () => {
      throw fail("session-not-found", "No such session", "somebody ended it");
    };
    client = createTerminalClient(options({ openSession }));
    client.start();
    await expect.poll(() => states.at(-1)).toMatchObject({ kind: "refused", problem: { code: "session-not-found" } });
    expect(peers).toHaveLength(0);
  });
});

describe("after a break", () => {
  it("resumes where it stopped, so that every byte is shown once", async () => {
    const first = await live();
    first.output(0, "hello ");
    await expect.poll(() => shown).toBe("hello ");
    first.socket.terminate();
    const second = await peer(1);
    expect(states.some(({ kind }) => kind === "reconnecting")).toBe(true);
    expect(second.hello()).toEqual({ ticket: "ticket-2", resumeFrom: 6 });
    second.ready(6);
    second.output(2, "llo wor");
    second.output(9, "ld");
    await expect.poll(() => shown).toBe("hello world");
  });

  it("tries again with a fresh ticket when the ticket had gone stale", async () => {
    client.start();
    const first = await peer(0);
    first.socket.send(encodeJson(Opcode.problem, problem("ticket-expired", "Too old", "30 s")));
    expect((await peer(1)).hello().ticket).toBe("ticket-2");
  });

  it("goes on behind a gap", async () => {
    const first = await live();
    first.output(0, "a");
    first.socket.send(encodeJson(Opcode.gap, { from: 1, to: 1000 }));
    first.output(1000, "b");
    await expect.poll(() => shown).toBe("ab");
    expect(gaps).toEqual([{ from: 1, to: 1000 }]);
    first.socket.terminate();
    expect((await peer(1)).hello().resumeFrom).toBe(1001);
  });

  it("does not wait when it is told that the network is back", async () => {
    const first = await live();
    server.once("connection", (socket) => socket.terminate());
    first.socket.terminate();
    await expect.poll(last).toBe("reconnecting");
    client.wake(false);
    await expect.poll(() => peers.length).toBe(2);
  });

  it("waits while nobody looks, and leaves a stream in doubt for a new one", async () => {
    let asleep = true;
    client = createTerminalClient(options({ asleep: () => asleep }));
    const first = await live();
    first.output(0, "abc");
    await expect.poll(() => shown).toBe("abc");
    first.socket.terminate();
    await expect.poll(last).toBe("reconnecting");
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(peers).toHaveLength(1);
    asleep = false;
    client.wake(false);
    const second = await peer(1);
    second.ready(3);
    await expect.poll(last).toBe("live");
    client.wake(true);
    expect((await peer(2)).hello().resumeFrom).toBe(3);
  });

  it("asks anew for a session that was ended while it listened", async () => {
    const first = await live();
    first.socket.send(encodeJson(Opcode.problem, problem("session-not-found", "Ended", "by someone")));
    expect((await peer(1)).hello().ticket).toBe("ticket-2");
  });
});

describe("while it is live", () => {
  it("acknowledges what was shown, every 64 KiB, and nothing that was not", async () => {
    const waiting: (() => void)[] = [];
    consume = (consumed) => waiting.push(consumed);
    const first = await live();
    const chunk = new Uint8Array(32 * 1024).fill(120);
    for (let index = 0; index < 5; index += 1) first.output(index * chunk.length, chunk);
    await expect.poll(() => waiting.length).toBe(5);
    const acks = () => first.heard.filter(({ opcode }) => opcode === Opcode.ack);
    expect(acks()).toEqual([]);
    for (const consumed of waiting) consumed();
    await expect.poll(acks).toEqual([
      { opcode: Opcode.ack, offset: 65_536 },
      { opcode: Opcode.ack, offset: 131_072 },
    ]);
  });

  it("sends a large paste in pieces and in order", async () => {
    const first = await live();
    const paste = Uint8Array.from({ length: 300_000 }, (_, index) => index % 251);
    client.send(paste);
    const pieces = () => first.heard.flatMap((message) => (message.opcode === Opcode.input ? [message.bytes] : []));
    await expect.poll(() => Buffer.concat(pieces()).equals(Buffer.from(paste)), { timeout: 5000 }).toBe(true);
    expect(Math.max(...pieces().map(({ length }) => length))).toBeLessThanOrEqual(16 * 1024);
  });

  it("keeps what was typed before it was ready", async () => {
    client.start();
    client.send(Buffer.from("early"));
    const first = await peer(0);
    first.ready(0);
    await expect.poll(() => typed(first)).toBe("early");
  });

  it("holds what is typed into a broken stream until it is decided", async () => {
    const first = await live();
    first.socket.terminate();
    await expect.poll(last).toBe("reconnecting");
    client.send(Buffer.from("rm -rf /"));
    expect(Buffer.from(input.held).toString()).toBe("rm -rf /");
    const second = await peer(1);
    second.ready(0);
    await expect.poll(last).toBe("live");
    client.send(Buffer.from("first"));
    client.dropHeld();
    client.send(Buffer.from(", later"));
    await expect.poll(() => typed(second)).toBe("first, later");
    second.socket.terminate();
    await expect.poll(last).toBe("reconnecting");
    client.send(Buffer.from("ls\r"));
    const third = await peer(2);
    third.ready(0);
    await expect.poll(last).toBe("live");
    client.sendHeld();
    await expect.poll(() => typed(third)).toBe("ls\r");
    expect(input).toEqual({ paste: null, held: new Uint8Array(), unsure: 0 });
  });

  it("sends a paste with its progress; Ctrl-C ends it and closes its bracket", async () => {
    const first = await live();
    room = 5;
    const whole = new Uint8Array(1_000_000).fill(97);
    expect(client.paste(whole, Buffer.from("[end]"))).toBe(true);
    expect(client.paste(whole, Buffer.from(""))).toBe(false);
    expect(input.paste).toEqual({ sent: 5 * 16 * 1024, total: 1_000_000 });
    client.send(Uint8Array.of(3));
    expect(input.paste).toBeNull();
    room = Infinity;
    await expect.poll(() => typed(first)).toMatch(/^a+\[end\].$/s);
    expect(typed(first).length).toBe(5 * 16 * 1024 + 6);
    client.paste(whole, Buffer.from("[end]"));
    client.send(Buffer.from("after"));
    await expect.poll(() => typed(first).endsWith("a[end]after"), { timeout: 5000 }).toBe(true);
    expect(typed(first).match(/a+\[end\]after$/)?.[0].length).toBe(1_000_000 + 10);
    expect(input.paste).toBeNull();
  });

  it("types nothing at what may only be watched", async () => {
    client.start();
    const first = await peer(0);
    const ready = { sessionId: "s", tty: true, offset: 0, cols: 80, rows: 24, writable: false };
    first.socket.send(encodeJson(Opcode.ready, ready));
    await expect.poll(last).toBe("live");
    client.send(Buffer.from("x"));
    client.resize({ cols: 10, rows: 10 });
    first.output(0, "seen");
    await expect.poll(() => shown).toBe("seen");
    expect(first.heard.map(({ opcode }) => opcode)).toEqual([Opcode.hello]);
  });

  it("ends when the container does, says how, and can start anew from there", async () => {
    const first = await live();
    first.output(0, "bye");
    first.socket.send(encodeJson(Opcode.exit, { exitCode: 137, signal: "SIGKILL", reason: "out-of-memory" }));
    await expect
      .poll(() => states.at(-1))
      .toMatchObject({ kind: "ended", exit: { exitCode: 137, reason: "out-of-memory" } });
    client.start();
    expect((await peer(1)).hello().resumeFrom).toBe(3);
  });
});
