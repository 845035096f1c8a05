const lengthBytes = 4;

/** Largest message on either side: 1 MiB of payload, an opcode, an offset. */
const maxMessageBytes = 1024 * 1024 + 16;

/** A message as a frame of worker.sock or shim.sock: u32 length, then the message, whose first byte is the opcode. */
export function encodeFrame(message: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(lengthBytes + message.length);
  frame.writeUInt32BE(message.length, 0);
  frame.set(message, lengthBytes);
  return frame;
}

/** Cuts a byte stream into the messages of its frames. */
export interface FrameReader {
  /** Takes a chunk and returns every message that is complete with it. Throws a RangeError on an impossible length. */
  push(chunk: Buffer): Buffer[];
}

export function createFrameReader(): FrameReader {
  let chunks: Buffer[] = [];
  let buffered = 0;
  return {
    push(chunk) {
      chunks.push(chunk);
      buffered += chunk.length;
      const messages: Buffer[] = [];
      if (buffered < neededBytes(chunks)) return messages;
      let rest = chunks.length === 1 ? chunk : Buffer.concat(chunks);
      while (rest.length >= lengthBytes && rest.length >= lengthBytes + frameLength(rest)) {
        const end = lengthBytes + frameLength(rest);
        messages.push(rest.subarray(lengthBytes, end));
        rest = rest.subarray(end);
      }
      chunks = rest.length > 0 ? [rest] : [];
      buffered = rest.length;
      return messages;
    },
  };
}

function neededBytes([first]: Buffer[]): number {
  return first && first.length >= lengthBytes ? lengthBytes + frameLength(first) : lengthBytes;
}

function frameLength(bytes: Buffer): number {
  const length = bytes.readUInt32BE(0);
  if (length < 1 || length > maxMessageBytes) throw new RangeError(`a frame of ${length} bytes`);
  return length;
}
