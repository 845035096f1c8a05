import * as z from "zod";

/** Output, or a new size as `COLUMNSxROWS`, at a moment in seconds from the beginning. */
export interface CastEvent {
  time: number;
  code: "o" | "r";
  data: string;
}

export interface Cast {
  cols: number;
  rows: number;
  events: CastEvent[];
  /** It was longer than what a page holds: only its beginning is here. */
  cut: boolean;
}

const cells = z.int().min(1).max(4096);
const Header = z.object({ version: z.literal(2), width: cells, height: cells });
const Event = z.tuple([z.number().min(0), z.string(), z.string()]);
const maxCharacters = 48 * 1024 * 1024;

/**
 * Reads an asciicast, version 2 (docs.asciinema.org/manual/asciicast/v2), from its bytes as they come. `onRead` hears
 * how many were read. Throws an Error that names the line which is none of the format's.
 */
export async function readCast(body: ReadableStream<Uint8Array>, onRead?: (bytes: number) => void): Promise<Cast> {
  let cast: Cast | null = null;
  let characters = 0;
  let number = 0;
  for await (const line of lines(body, onRead)) {
    number += 1;
    if (line === "") continue;
    if (!cast) {
      const { width, height } = parse(Header, line, number);
      cast = { cols: width, rows: height, events: [], cut: false };
      continue;
    }
    const [time, code, data] = parse(Event, line, number);
    if (code !== "o" && code !== "r") continue;
    characters += data.length;
    if (characters > maxCharacters) return { ...cast, cut: true };
    cast.events.push({ time, code, data });
  }
  if (!cast) throw new Error("the recording is empty");
  return cast;
}

/** The size that a resize event names; null when it names none. */
export function readSize(data: string): { cols: number; rows: number } | null {
  const [cols, rows] = data.split("x").map(Number);
  const size = z.object({ cols: cells, rows: cells }).safeParse({ cols, rows });
  return size.success ? size.data : null;
}

function parse<T>(schema: z.ZodType<T>, line: string, number: number): T {
  try {
    return schema.parse(JSON.parse(line));
  } catch {
    throw new Error(`line ${number} of the recording is no asciicast: ${line.slice(0, 60)}`);
  }
}

async function* lines(body: ReadableStream<Uint8Array>, onRead?: (bytes: number) => void): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  let read = 0;
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      read += value.length;
      onRead?.(read);
      const parts = (rest + decoder.decode(value, { stream: true })).split("\n");
      rest = parts.pop() ?? "";
      yield* parts;
    }
    yield rest;
  } finally {
    await reader.cancel();
  }
}
