import { once } from "node:events";

/** Prints a value as indented JSON on standard output. */
export function printJson(value: unknown): void {
  console.log(JSON.stringify(value, null, 2));
}

/** Prints a value as a line of JSON: what streams are made of. */
export function printJsonLine(value: unknown): Promise<void> {
  return write(process.stdout, `${JSON.stringify(value)}\n`);
}

/** Writes, and resolves when more may be written: a slow reader slows the source, and memory does not grow. */
export async function write(stream: NodeJS.WritableStream, data: string | Uint8Array): Promise<void> {
  if (!stream.write(data)) await once(stream, "drain");
}
