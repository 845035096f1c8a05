import type { TimelineEvent } from "../logs/read-timeline.ts";

/** What a recording's first line says. */
export interface CastHeader {
  cols: number;
  rows: number;
  /** When it began. */
  startedAt: string;
  command: readonly string[];
  title: string;
  tty: boolean;
}

/**
 * Makes a terminal's timeline into the lines of an asciicast, version 2 (docs.asciinema.org/manual/asciicast/v2): a header,
 * then output and sizes with the seconds since the start. Output without a terminal gets its carriage returns here. As
 * much is in memory as one block of the timeline.
 */
export async function* writeAsciicast(
  timeline: AsyncGenerator<TimelineEvent[]>,
  { cols, rows, startedAt, command, title, tty }: CastHeader,
): AsyncGenerator<string> {
  const start = BigInt(Date.parse(startedAt)) * 1_000_000n;
  const decoders = { 1: new TextDecoder(), 2: new TextDecoder() };
  let header: object | null = {
    ...{ version: 2, width: cols, height: rows, timestamp: Math.floor(Date.parse(startedAt) / 1000) },
    ...{ command: command.join(" "), title, env: { TERM: "xterm-256color" } },
  };
  let last = 0;
  for await (const events of timeline) {
    const lines: string[] = [];
    for (const event of events) {
      // A clock that is set back must not lead back in the recording.
      last = Math.max(last, Number((event.time - start) / 1000n) / 1e6);
      const isSize = "cols" in event;
      // The size with which it began is the header's.
      if (header && isSize) header = { ...header, width: event.cols, height: event.rows };
      if (header) lines.push(`${JSON.stringify(header)}\n`);
      if (isSize && !header) lines.push(line(last, "r", `${event.cols}x${event.rows}`));
      header = null;
      if (isSize) continue;
      const text = decoders[event.stream].decode(event.bytes, { stream: true });
      if (text !== "") lines.push(line(last, "o", tty ? text : text.replaceAll(/\r?\n/g, "\r\n")));
    }
    if (lines.length > 0) yield lines.join("");
  }
  if (header) yield `${JSON.stringify(header)}\n`;
}

function line(seconds: number, code: "o" | "r", data: string): string {
  return `${JSON.stringify([seconds, code, data])}\n`;
}
