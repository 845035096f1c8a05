import { appendFile, rename } from "node:fs/promises";
import { join } from "node:path";

/** A record as the shim writes it. `time` counts nanoseconds since 1970. */
export function encodeRecord(offset: number, text: string | Uint8Array, stream: 1 | 2 | 3 = 1, time = 0n): Buffer {
  const bytes = Buffer.from(text);
  const header = Buffer.alloc(24);
  header.writeBigUInt64BE(BigInt(offset), 0);
  header.writeBigUInt64BE(time, 8);
  header.writeUInt32BE(bytes.length, 16);
  header.writeUInt8(stream, 20);
  return Buffer.concat([header, bytes]);
}

/** Writes a log as the shim does, record by record. */
export function createLogWriter(folder: string) {
  const path = join(folder, "output.log");
  let end = 0;
  return {
    async write(text: string | Uint8Array, stream: 1 | 2 = 1, time = 0n): Promise<void> {
      await appendFile(path, encodeRecord(end, text, stream, time));
      end += Buffer.from(text).length;
    },
    /** The terminal's size, which takes no room among the offsets. */
    async resize(cols: number, rows: number, time = 0n): Promise<void> {
      const size = Buffer.alloc(4);
      size.writeUInt16BE(cols, 0);
      size.writeUInt16BE(rows, 2);
      await appendFile(path, encodeRecord(end, size, 3, time));
    },
    /** Appends bytes that are no whole record. */
    tear: (bytes: Uint8Array) => appendFile(path, bytes),
    async rotate(): Promise<void> {
      for (const number of [2, 1]) await rename(`${path}.${number}`, `${path}.${number + 1}`).catch(() => {});
      await rename(path, `${path}.1`);
    },
  };
}
