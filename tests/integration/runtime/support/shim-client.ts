import { createConnection, type Socket } from "node:net";

export const opcodes = {
  attach: 0x01,
  input: 0x02,
  resize: 0x03,
  ack: 0x04,
  endOfInput: 0x05,
  signal: 0x11,
  ready: 0x81,
  output: 0x82,
  errorOutput: 0x83,
  exit: 0x84,
  problem: 0x85,
  gap: 0x86,
  resized: 0x87,
  signalled: 0x91,
} as const;

const fromStart = 0xffff_ffff_ffff_ffffn;

export interface Frame {
  opcode: number;
  payload: Buffer;
}

export interface Exit {
  exitCode: number;
  signal: string | null;
  reason: string;
  oomKills: number;
}

/** One connection to a shim's socket. Keeps every frame that it has received. */
export class ShimClient {
  readonly frames: Frame[] = [];
  /** Acknowledge output as it arrives. */
  acknowledging = true;
  closed = false;
  private buffer = Buffer.alloc(0);
  private readonly waiters = new Set<() => void>();

  private constructor(private readonly socket: Socket) {
    socket.on("data", (data) => this.receive(data));
    socket.on("error", () => {});
    socket.on("close", () => {
      this.closed = true;
      this.wake();
    });
  }

  static async connect(path: string): Promise<ShimClient> {
    const socket = createConnection(path);
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    return new ShimClient(socket);
  }

  static async attach(path: string, { resumeFrom = fromStart, writable = true } = {}): Promise<ShimClient> {
    const client = await ShimClient.connect(path);
    await client.attach(resumeFrom, writable);
    return client;
  }

  async attach(resumeFrom: bigint, writable: boolean): Promise<void> {
    const payload = Buffer.alloc(9);
    payload.writeBigUInt64BE(resumeFrom);
    payload.writeUInt8(writable ? 1 : 0, 8);
    this.send(opcodes.attach, payload);
    await this.until(() => this.first(opcodes.ready) ?? this.first(opcodes.problem));
  }

  send(opcode: number, payload: Buffer | string = ""): void {
    const bytes = Buffer.from(payload);
    const header = Buffer.alloc(5);
    header.writeUInt32BE(bytes.length + 1);
    header.writeUInt8(opcode, 4);
    this.socket.write(Buffer.concat([header, bytes]));
  }

  sendRaw(bytes: Buffer): void {
    this.socket.write(bytes);
  }

  type(text: string): void {
    this.send(opcodes.input, text);
  }

  resize(cols: number, rows: number): void {
    const payload = Buffer.alloc(4);
    payload.writeUInt16BE(cols, 0);
    payload.writeUInt16BE(rows, 2);
    this.send(opcodes.resize, payload);
  }

  acknowledge(offset: bigint): void {
    const payload = Buffer.alloc(8);
    payload.writeBigUInt64BE(offset);
    this.send(opcodes.ack, payload);
  }

  async signal(number: number, scope: 0 | 1 | 2): Promise<{ ok: boolean; errnoName?: string }> {
    const before = this.frames.length;
    this.send(opcodes.signal, Buffer.from([number, scope]));
    const answer = await this.until(() =>
      this.frames.slice(before).find((frame) => frame.opcode === opcodes.signalled),
    );
    return JSON.parse(answer.payload.toString());
  }

  first(opcode: number): Frame | undefined {
    return this.frames.find((frame) => frame.opcode === opcode);
  }

  json<T>(opcode: number): T | undefined {
    const frame = this.first(opcode);
    return frame && JSON.parse(frame.payload.toString());
  }

  /** Output as {offset, bytes}, in the order of arrival. */
  chunks(opcode: number = opcodes.output): { offset: bigint; bytes: Buffer }[] {
    return this.frames
      .filter((frame) => frame.opcode === opcode)
      .map(({ payload }) => ({ offset: payload.readBigUInt64BE(), bytes: payload.subarray(8) }));
  }

  text(opcode: number = opcodes.output): string {
    return Buffer.concat(this.chunks(opcode).map((chunk) => chunk.bytes)).toString();
  }

  async untilText(pattern: string | RegExp, opcode: number = opcodes.output): Promise<string> {
    return this.until(() => {
      const text = this.text(opcode);
      const found = typeof pattern === "string" ? text.includes(pattern) : pattern.test(text);
      return found ? text : undefined;
    }, `output ${pattern}`);
  }

  async untilExit(): Promise<Exit> {
    await this.until(() => this.first(opcodes.exit), "exit");
    const exit = this.json<Exit>(opcodes.exit);
    if (!exit) throw new Error("no exit frame");
    return exit;
  }

  async untilClosed(): Promise<void> {
    await this.until(() => this.closed || undefined, "close");
  }

  /** Waits until `probe` gives something; looks again with each frame that arrives. */
  async until<T>(probe: () => T | undefined, what = "frame", timeoutMs = 30_000): Promise<T> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const found = probe();
      if (found !== undefined) return found;
      if (this.closed)
        throw new Error(`connection closed while waiting for ${what}; output: ${this.text().slice(-400)}`);
      await this.next(deadline, what);
    }
  }

  close(): void {
    this.socket.destroy();
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  private next(deadline: number, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => {
          this.waiters.delete(wake);
          reject(new Error(`timed out waiting for ${what}; output: ${this.text().slice(-400)}`));
        },
        Math.max(deadline - Date.now(), 0),
      );
      const wake = () => {
        clearTimeout(timer);
        resolve();
      };
      this.waiters.add(wake);
    });
  }

  private wake(): void {
    for (const waiter of this.waiters) waiter();
    this.waiters.clear();
  }

  private receive(data: Buffer): void {
    this.buffer = Buffer.concat([this.buffer, data]);
    while (this.buffer.length >= 4) {
      const length = this.buffer.readUInt32BE();
      if (this.buffer.length < 4 + length) break;
      const frame = { opcode: this.buffer.readUInt8(4), payload: this.buffer.subarray(5, 4 + length) };
      this.buffer = this.buffer.subarray(4 + length);
      this.frames.push(frame);
      const isOutput = frame.opcode === opcodes.output || frame.opcode === opcodes.errorOutput;
      if (isOutput && this.acknowledging) {
        this.acknowledge(frame.payload.readBigUInt64BE() + BigInt(frame.payload.length - 8));
      }
    }
    this.wake();
  }
}
