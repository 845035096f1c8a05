import WebSocket, { type ClientOptions } from "ws";
import { Problem } from "../../lib/contract/problem.ts";
import type { Session } from "../../lib/contract/session.ts";
import {
  ackEveryBytes,
  decode,
  Exit,
  encodeAck,
  encodeBytes,
  encodeJson,
  Opcode,
  Ready,
  terminalProtocol,
} from "../../lib/contract/terminal.ts";
import type { Instance } from "./instance.ts";

/** A terminal stream as a page has one: it reads, acknowledges, and keeps what it got. */
export class Terminal {
  ready: Ready | null = null;
  exit: Exit | null = null;
  /** What 0x85 said. */
  problem: Problem | null = null;
  closed = false;
  /** RFC 6455, 7.4; null while it is open. */
  closeCode: number | null = null;
  bytes = 0;
  /** The last 64 KiB of output, as text. */
  text = "";
  /** Called with each piece of output. */
  onOutput: (bytes: Uint8Array) => void = () => {};
  private readonly socket: WebSocket;
  private acknowledged = 0;
  private readonly decoder = new TextDecoder();
  private readonly waiting = new Set<() => void>();

  /**
   * Opens the session's stream; `hello` replaces what is sent first, null sends nothing. By `at` it goes another way than
   * the instance's own address, by `options` with another authority or other headers.
   */
  constructor(
    instance: Instance,
    { path, ticket }: Pick<Session, "path" | "ticket">,
    hello: object | null = { ticket },
    { at = instance.url, ...options }: ClientOptions & { at?: string } = {},
  ) {
    const address = new URL(path, at.replace("http", "ws"));
    const headers = { authorization: `Bearer ${instance.token}`, ...options.headers };
    this.socket = new WebSocket(address, terminalProtocol, { ...options, headers });
    this.socket.on("open", () => hello && this.socket.send(encodeJson(Opcode.hello, hello)));
    this.socket.on("message", (data: Buffer) => this.receive(data));
    this.socket.on("error", () => {});
    this.socket.on("close", (code) => {
      this.closed = true;
      this.closeCode = code;
      this.wake();
    });
  }

  /** Opens a session of a running container and waits until its terminal is ready. */
  static async open(instance: Instance, name: string, size = { cols: 80, rows: 24 }): Promise<Terminal> {
    const session = await instance.client.call("createSession", { params: { name }, body: size });
    const terminal = new Terminal(instance, session);
    await terminal.until("the terminal is ready", () => terminal.ready);
    return terminal;
  }

  send(text: string): void {
    this.socket.send(encodeBytes(Opcode.input, Buffer.from(text)));
  }

  close(): void {
    this.socket.close();
  }

  /** Waits until something is so, asked after every message; throws with the output when it is not in time. */
  until<T>(what: string, ask: () => T, timeoutMs = 20_000): Promise<NonNullable<T>> {
    return new Promise((resolve, reject) => {
      const check = () => {
        const answer = ask();
        if (answer === null || answer === undefined || answer === false) return;
        done();
        resolve(answer);
      };
      const timer = setTimeout(() => {
        done();
        const state = JSON.stringify({ problem: this.problem, exit: this.exit, closed: this.closed });
        reject(
          new Error(`not within ${timeoutMs} ms: ${what}; ${state}; its output ends with ${this.text.slice(-500)}`),
        );
      }, timeoutMs);
      const done = () => {
        clearTimeout(timer);
        this.waiting.delete(check);
      };
      this.waiting.add(check);
      check();
    });
  }

  private receive(data: Buffer): void {
    const message = decode(data);
    switch (message.opcode) {
      case Opcode.ready:
        this.ready = Ready.parse(message.json);
        break;
      case Opcode.output:
      case Opcode.errorOutput:
        this.bytes += message.bytes.length;
        this.text = (this.text + this.decoder.decode(message.bytes, { stream: true })).slice(-65_536);
        this.onOutput(message.bytes);
        this.acknowledge(message.offset + message.bytes.length);
        break;
      case Opcode.exit:
        this.exit = Exit.parse(message.json);
        break;
      case Opcode.problem:
        this.problem = Problem.parse(message.json);
        break;
    }
    this.wake();
  }

  private acknowledge(offset: number): void {
    if (offset - this.acknowledged < ackEveryBytes) return;
    this.acknowledged = offset;
    this.socket.send(encodeAck(offset));
  }

  private wake(): void {
    for (const check of [...this.waiting]) check();
  }
}
