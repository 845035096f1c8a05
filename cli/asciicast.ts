import * as z from "zod";

/** First line of an asciicast, version 2 (docs.asciinema.org/manual/asciicast/v2). */
export const CastHeader = z.object({ version: z.literal(2), width: z.int().min(1), height: z.int().min(1) });
export type CastHeader = z.infer<typeof CastHeader>;

/** A line behind the header: seconds since the start, what it is (`o` output, `r` resize, …), and its text. */
export interface CastEvent {
  at: number;
  kind: string;
  text: string;
}

const Line = z.tuple([z.number().min(0), z.string(), z.string()]);

/** Null when a line is none: the last of a file whose writer was stopped may be half a line. */
export function parseCastEvent(line: string): CastEvent | null {
  try {
    const [at, kind, text] = Line.parse(JSON.parse(line));
    return { at, kind, text };
  } catch {
    return null;
  }
}
