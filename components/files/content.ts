import type { FileEntry } from "@/lib/contract/file.ts";
import { api } from "../api.ts";

/** How much of a file is read to show it. */
export const previewBytes = 1024 * 1024;
/** Longer lines are cut where they are shown. */
const longestLine = 5_000;
const imageBytes = 16 * 1024 * 1024;

export type Content =
  | { kind: "text"; text: string; lineEnd: LineEnd; whole: boolean }
  | { kind: "image"; blob: Blob }
  | { kind: "binary"; bytes: Uint8Array; whole: boolean };

/** How lines end; `mixed` ones would not survive an editor. */
export type LineEnd = "\n" | "\r\n" | "mixed";

/** Reads a file as far as a page shows it. Throws the answer's ProblemError. */
export async function readContent(id: string, entry: FileEntry, signal: AbortSignal): Promise<Content> {
  const type = imageType(entry.name);
  const limit = type && entry.sizeBytes <= imageBytes ? imageBytes : previewBytes;
  const response = await api.open("readFile", { params: { name: id }, query: { path: entry.path }, signal });
  const { bytes, whole } = await readAtMost(response, limit);
  if (type && whole && bytes.length > 0) return { kind: "image", blob: new Blob([bytes], { type }) };
  return classify(bytes.subarray(0, previewBytes), whole && bytes.length <= previewBytes);
}

/** The bytes as text where they are UTF-8 without NUL; at a cut, a character that is not whole is left out. */
export function classify(bytes: Uint8Array<ArrayBuffer>, whole: boolean): Content {
  if (bytes.includes(0)) return { kind: "binary", bytes, whole };
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes, { stream: !whole });
    return { kind: "text", text, lineEnd: lineEndOf(text), whole };
  } catch {
    return { kind: "binary", bytes, whole };
  }
}

function lineEndOf(text: string): LineEnd {
  const withReturn = text.match(/\r\n/g)?.length ?? 0;
  const returns = text.match(/\r/g)?.length ?? 0;
  const feeds = text.match(/\n/g)?.length ?? 0;
  if (returns === 0) return "\n";
  return returns === withReturn && feeds === withReturn ? "\r\n" : "mixed";
}

async function readAtMost(response: Response, limit: number) {
  const reader = response.body?.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { value, done } = (await reader?.read()) ?? { value: undefined, done: true };
    if (done || !value) break;
    chunks.push(value);
    size += value.length;
    if (size > limit) {
      void reader?.cancel().catch(() => {});
      break;
    }
  }
  const bytes = new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer());
  return { bytes: bytes.subarray(0, limit), whole: size <= limit };
}

const imageTypes: Record<string, string> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  avif: "image/avif",
  bmp: "image/bmp",
  ico: "image/x-icon",
};

/** The type of a picture that cannot carry scripts, by its name. SVG is shown as the text that it is. */
function imageType(name: string): string | undefined {
  return imageTypes[name.slice(name.lastIndexOf(".") + 1).toLowerCase()];
}

/** The lines of a text, without what a screen cannot show. */
export function linesOf(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines.map((line) => {
    const plain = line.replace(unprintable, "·");
    return plain.length > longestLine ? `${plain.slice(0, longestLine)}…` : plain;
  });
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters, and those that turn the direction of text
const unprintable = /[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]/g;

/** A row of a hex dump: where it begins, 16 bytes, and what of them is ASCII. */
export function hexRow(bytes: Uint8Array, row: number): { offset: string; hex: string; text: string } {
  const part = Array.from(bytes.subarray(row * 16, row * 16 + 16));
  const pairs = part.map((byte) => byte.toString(16).padStart(2, "0"));
  const hex = `${pairs.slice(0, 8).join(" ").padEnd(23)}  ${pairs.slice(8).join(" ").padEnd(23)}`;
  const text = part.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : "·")).join("");
  return { offset: (row * 16).toString(16).padStart(8, "0"), hex, text };
}
