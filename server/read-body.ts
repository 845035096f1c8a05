import { fail } from "../lib/contract/problem.ts";

export const maxBodyBytes = 1024 * 1024;

/**
 * The JSON of a request's body; undefined when there is none.
 * Throws 413 above 1 MiB, 415 when the content is said to be something else, 400 when it is not JSON.
 */
export async function readJsonBody(request: Request): Promise<unknown> {
  if (Number(request.headers.get("content-length")) > maxBodyBytes) throw tooLarge();
  const bytes = await readBytes(request);
  if (bytes.length === 0) return undefined;
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(type)) {
    throw fail("unsupported-media-type", "The body must be JSON", `its content type is ${JSON.stringify(type)}`, {
      remedy: "Send it with `Content-Type: application/json`.",
    });
  }
  return parse(bytes);
}

async function readBytes({ body }: Request): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > maxBodyBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge() {
  return fail("body-too-large", "The body is too large", `at most ${maxBodyBytes} bytes are accepted`);
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw fail("invalid-json", "The body is not JSON", reason);
  }
}
