import { encodeFrame } from "../../lib/frames.ts";

/** Opcodes that only worker and shim speak; those of the terminal stream are in lib/contract/terminal.ts. */
export const ShimOpcode = { attach: 0x01, signal: 0x11, signalled: 0x91 } as const;

/** Resume at the start of what the shim still has. */
const fromRingStart = 0xffff_ffff_ffff_ffffn;
/** attach: where to resume, and whether the client may type. */
export function encodeAttach(resumeFrom: number | null, writable: boolean): Buffer {
  const message = Buffer.alloc(10);
  message.writeUInt8(ShimOpcode.attach);
  message.writeBigUInt64BE(resumeFrom === null ? fromRingStart : BigInt(resumeFrom), 1);
  message.writeUInt8(writable ? 1 : 0, 9);
  return encodeFrame(message);
}

/**
 * Whom a signal is for: the first process, every process, or, whatever the signal, the terminal, which is hung up, and
 * the control group, whose processes go on if they were frozen.
 */
export type SignalScope = "init" | "all" | "terminal" | "group";
const scopes: readonly SignalScope[] = ["init", "all", "terminal", "group"];

export function encodeSignal(signal: number, scope: SignalScope): Buffer {
  return encodeFrame(Buffer.from([ShimOpcode.signal, signal, scopes.indexOf(scope)]));
}

/** Output as the terminal stream has it: opcode, offset of the first byte, bytes. */
export function encodeOutputMessage(opcode: number, offset: number, bytes: Uint8Array): Buffer {
  const message = Buffer.allocUnsafe(9 + bytes.length);
  message.writeUInt8(opcode);
  message.writeBigUInt64BE(BigInt(offset), 1);
  message.set(bytes, 9);
  return message;
}
