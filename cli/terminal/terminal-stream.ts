import { setTimeout as sleep } from "node:timers/promises";
import WebSocket from "ws";
import type { Client } from "../../lib/client/api.ts";
import { fail, Problem, ProblemError } from "../../lib/contract/problem.ts";
import type { Session } from "../../lib/contract/session.ts";
import {
  ackEveryBytes,
  decode,
  Exit,
  encodeAck,
  encodeJson,
  Gap,
  Opcode,
  Ready,
  terminalProtocol,
} from "../../lib/contract/terminal.ts";

/** What a terminal stream tells its user. */
export interface StreamListener {
  ready(ready: Ready): void;
  /** Resolves when the bytes are consumed: only then they are acknowledged, so a slow reader slows its own stream alone. */
  output(bytes: Uint8Array, isError: boolean): Promise<void>;
  gap(gap: { from: number; to: number }): void;
  /** The connection broke; it is being made again. */
  interrupted(): void;
}

export interface TerminalStream {
  /** Sends a message, now or when the connection is back; resolves when it went out, or the stream was closed. */
  send(message: Uint8Array): Promise<void>;
  /** Resolves when the container has ended; rejects with a ProblemError when the stream is refused or lost for good. */
  exit: Promise<Exit>;
  close(): void;
}

const reconnectMilliseconds = 60_000;

/**
 * Opens the stream of a session and keeps it open: when the connection breaks it takes a fresh ticket and goes on at
 * the byte where it was, for up to a minute.
 */
export function openTerminalStream(
  target: { url: string; token: string; client: Client },
  session: Session,
  listener: StreamListener,
): TerminalStream {
  let socket: WebSocket | null = null;
  let closed = false;
  /** Those who wait for a connection that is ready. */
  const waiting: (() => void)[] = [];
  let isReady = false;
  let offset: number | null = null;

  async function run(): Promise<Exit> {
    let next: Session = session;
    for (;;) {
      const exit = await once(next);
      if (exit) return exit;
      if (closed) throw fail("session-not-found", "The session is closed", session.sessionId);
      listener.interrupted();
      next = await freshTicket(target.client, session.sessionId, () => closed);
    }
  }

  /** One connection, from hello to its end; null when it broke. */
  function once({ path, ticket }: Session): Promise<Exit | null> {
    const address = new URL(path, target.url.replace(/^http/, "ws"));
    const own = new WebSocket(address, terminalProtocol, { headers: { authorization: `Bearer ${target.token}` } });
    socket = own;
    let acknowledged = offset ?? 0;
    return new Promise((resolve, reject) => {
      own.on("open", () =>
        own.send(encodeJson(Opcode.hello, { ticket, ...(offset !== null && { resumeFrom: offset }) })),
      );
      own.on("message", (data: Buffer) => {
        if (closed) return;
        // Messages are handled one after the other, output included, so that the exit comes after all of it.
        own.pause();
        receive(data).then(() => own.resume(), reject);
      });
      own.on("error", () => {});
      own.on("close", () => {
        isReady = false;
        resolve(null);
      });

      async function receive(data: Buffer): Promise<void> {
        const message = decode(data);
        switch (message.opcode) {
          case Opcode.ready: {
            const ready = Ready.parse(message.json);
            offset ??= ready.offset;
            isReady = true;
            listener.ready(ready);
            return wake();
          }
          case Opcode.output:
          case Opcode.errorOutput:
            await listener.output(message.bytes, message.opcode === Opcode.errorOutput);
            offset = message.offset + message.bytes.length;
            if (offset - acknowledged >= ackEveryBytes) {
              acknowledged = offset;
              own.send(encodeAck(offset));
            }
            return;
          case Opcode.gap:
            return listener.gap(Gap.parse(message.json));
          case Opcode.exit:
            resolve(Exit.parse(message.json));
            return own.close();
          case Opcode.problem:
            throw new ProblemError(Problem.parse(message.json));
        }
      }
    });
  }

  function wake(): void {
    for (const resume of waiting.splice(0)) resume();
  }

  return {
    async send(message) {
      while (!isReady && !closed) await new Promise<void>((resolve) => waiting.push(resolve));
      const open = socket;
      if (open?.readyState === WebSocket.OPEN) {
        await new Promise<void>((resolve) => open.send(message, () => resolve()));
      }
    },
    exit: run(),
    close() {
      closed = true;
      wake();
      // The peer's answer to the close stands behind what was not read yet.
      socket?.resume();
      socket?.close();
    },
  };
}

/** Asks for a ticket until one comes: the parts behind a stream restart within seconds. */
async function freshTicket(client: Client, id: string, isClosed: () => boolean): Promise<Session> {
  const deadline = Date.now() + reconnectMilliseconds;
  for (let delay = 100; ; delay = Math.min(delay * 2, 2000)) {
    await sleep(delay);
    try {
      return await client.call("createTicket", { params: { id } });
    } catch (error) {
      const refused = error instanceof ProblemError && error.problem.status < 500;
      if (refused || isClosed() || Date.now() > deadline) throw error;
    }
  }
}
