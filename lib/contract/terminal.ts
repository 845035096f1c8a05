import * as z from "zod";

/** WebSocket subprotocol of the terminal stream, and the Upgrade token on worker.sock. */
export const terminalProtocol = "minirun.tty.v1";

/** First byte of every message; integers behind it are big-endian. docs/protocol.md has the table. */
export const Opcode = {
  hello: 0x01,
  input: 0x02,
  resize: 0x03,
  ack: 0x04,
  endOfInput: 0x05,
  ready: 0x81,
  output: 0x82,
  errorOutput: 0x83,
  exit: 0x84,
  problem: 0x85,
  gap: 0x86,
  resized: 0x87,
} as const;

/** Unacknowledged output, in bytes, above which a client is no longer sent to. */
export const windowBytes = 512 * 1024;
/** A client acknowledges at the latest after this many bytes. */
export const ackEveryBytes = 64 * 1024;

export const Hello = z.object({ ticket: z.string().max(200).optional(), resumeFrom: z.int().min(0).optional() });
export type Hello = z.infer<typeof Hello>;

export const Ready = z.object({
  sessionId: z.string(),
  tty: z.boolean(),
  offset: z.int(),
  /** Where the output that was there already ends: queries before it were answered by others. */
  end: z.int().optional(),
  cols: z.int(),
  rows: z.int(),
  writable: z.boolean(),
});
export type Ready = z.infer<typeof Ready>;

export const Exit = z.object({
  exitCode: z.int().nullable(),
  signal: z.string().nullable(),
  reason: z.string(),
  oomKills: z.int().optional(),
});
export type Exit = z.infer<typeof Exit>;

/** The terminal's new size, for those who only watch. */
export const Resized = z.object({ cols: z.int(), rows: z.int() });

export const Gap = z.object({ from: z.int(), to: z.int() });

/** A message from client or server, decoded. Output bytes are views of the message, not copies. */
export type TerminalMessage =
  | { opcode: typeof Opcode.output | typeof Opcode.errorOutput; offset: number; bytes: Uint8Array }
  | { opcode: typeof Opcode.input; bytes: Uint8Array }
  | { opcode: typeof Opcode.resize; cols: number; rows: number }
  | { opcode: typeof Opcode.ack; offset: number }
  | { opcode: typeof Opcode.endOfInput }
  | { opcode: typeof Opcode.hello | typeof Opcode.ready | typeof Opcode.exit; json: unknown }
  | { opcode: typeof Opcode.problem | typeof Opcode.gap | typeof Opcode.resized; json: unknown };

const utf8 = new TextEncoder();

function message(opcode: number, length: number): { bytes: Uint8Array; view: DataView } {
  const bytes = new Uint8Array(1 + length);
  bytes[0] = opcode;
  return { bytes, view: new DataView(bytes.buffer) };
}

/** A message whose payload is JSON: hello, ready, exit, problem, gap, resized. */
export function encodeJson(opcode: number, value: unknown): Uint8Array {
  return encodeBytes(opcode, utf8.encode(JSON.stringify(value)));
}

/** A message whose payload is bytes as they are: input. */
export function encodeBytes(opcode: number, payload: Uint8Array): Uint8Array {
  const { bytes } = message(opcode, payload.length);
  bytes.set(payload, 1);
  return bytes;
}

export function encodeResize(cols: number, rows: number): Uint8Array {
  const { bytes, view } = message(Opcode.resize, 4);
  view.setUint16(1, cols);
  view.setUint16(3, rows);
  return bytes;
}

export function encodeAck(offset: number): Uint8Array {
  const { bytes, view } = message(Opcode.ack, 8);
  view.setBigUint64(1, BigInt(offset));
  return bytes;
}

export function encodeEndOfInput(): Uint8Array {
  return message(Opcode.endOfInput, 0).bytes;
}

/** Decodes one message; throws a RangeError or SyntaxError on one that is malformed. */
export function decode(data: Uint8Array): TerminalMessage {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const opcode = view.getUint8(0);
  switch (opcode) {
    case Opcode.output:
    case Opcode.errorOutput:
      return { opcode, offset: Number(view.getBigUint64(1)), bytes: data.subarray(9) };
    case Opcode.input:
      return { opcode, bytes: data.subarray(1) };
    case Opcode.resize:
      return { opcode, cols: view.getUint16(1), rows: view.getUint16(3) };
    case Opcode.ack:
      return { opcode, offset: Number(view.getBigUint64(1)) };
    case Opcode.endOfInput:
      return { opcode };
    case Opcode.hello:
    case Opcode.ready:
    case Opcode.exit:
    case Opcode.problem:
    case Opcode.gap:
    case Opcode.resized:
      return { opcode, json: JSON.parse(new TextDecoder().decode(data.subarray(1))) };
    default:
      throw new RangeError(`unknown opcode 0x${opcode.toString(16)}`);
  }
}
