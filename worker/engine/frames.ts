/** Opcodes that only worker and shim speak; those of the terminal stream are in lib/contract/terminal.ts. */
export const ShimOpcode = { attach: 0x01, signal: 0x11, signalled: 0x91 } as const;

/** Resume at the start of what the shim still has. */
export const fromRingStart = 0xffff_ffff_ffff_ffffn;
/** A frame's message is at most this long: 1 MiB and its header. */
export const maxMessage = 1024 * 1024 + 16;

/** A message as a frame: u32 length, then the message, whose first byte is the opcode. */
export function encodeFrame(message: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(4 + message.length);
  frame.writeUInt32BE(message.length);
  frame.set(message, 4);
  return frame;
}

/** attach: where to resume, and whether the client may type. */
export function encodeAttach(resumeFrom: number | null, writable: boolean): Buffer {
  const message = Buffer.alloc(10);
  message.writeUInt8(ShimOpcode.attach);
  message.writeBigUInt64BE(resumeFrom === null ? fromRingStart : BigInt(resumeFrom), 1);
  message.writeUInt8(writable ? 1 : 0, 9);
  return encodeFrame(message);
}

/** signal: to the first process, or to every process of the container. */
export function encodeSignal(signal: number, scope: "init" | "all"): Buffer {
  return encodeFrame(Buffer.from([ShimOpcode.signal, signal, scope === "all" ? 1 : 0]));
}

/** Output as the terminal stream has it: opcode, offset of the first byte, bytes. */
export function encodeOutput(opcode: number, offset: number, bytes: Uint8Array): Buffer {
  const message = Buffer.allocUnsafe(9 + bytes.length);
  message.writeUInt8(opcode);
  message.writeBigUInt64BE(BigInt(offset), 1);
  message.set(bytes, 9);
  return encodeFrame(message);
}

/**
 * Cuts a stream of bytes into messages. `push` answers the messages that are complete with this piece;
 * it throws a RangeError at a length that is zero or above {@link maxMessage}. `rest` is what is not yet complete.
 */
export function createFrameReader(): { push(piece: Buffer): Buffer[]; rest(): Buffer } {
  let pending = Buffer.alloc(0);
  return {
    rest: () => pending,
    push(piece) {
      pending = pending.length === 0 ? piece : Buffer.concat([pending, piece]);
      const messages: Buffer[] = [];
      while (pending.length >= 4) {
        const length = pending.readUInt32BE();
        if (length === 0 || length > maxMessage) throw new RangeError(`a frame of ${length} bytes`);
        if (pending.length < 4 + length) break;
        messages.push(pending.subarray(4, 4 + length));
        pending = pending.subarray(4 + length);
      }
      return messages;
    },
  };
}
