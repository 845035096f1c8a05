import { Readable } from "node:stream";
import { ReadableStream as NodeReadableStream } from "node:stream/web";

/**
 * Node's types know two kinds of web streams, the global ones and their own; they are the same objects. Not by
 * Readable.toWeb, which throws into the void when its reader leaves early (Node 20: "Controller is already closed").
 */
export function toWeb(content: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  return NodeReadableStream.from(content) as unknown as ReadableStream<Uint8Array>;
}

export function fromWeb(stream: ReadableStream<Uint8Array>): Readable {
  return Readable.fromWeb(stream as Parameters<typeof Readable.fromWeb>[0]);
}
