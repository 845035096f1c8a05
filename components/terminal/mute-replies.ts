import type { IParser } from "@xterm/xterm";

/** Control sequences that a terminal answers: device attributes and status, mode and setting reports (ECMA-48, xterm). */
const queries = [
  { final: "c" },
  { prefix: ">", final: "c" },
  { prefix: "=", final: "c" },
  { final: "n" },
  { prefix: "?", final: "n" },
  { intermediates: "$", final: "p" },
  { prefix: "?", intermediates: "$", final: "p" },
];
const colorQueries = [4, 10, 11, 12];

/**
 * Keeps the terminal from answering queries while `muted` says so. Output that is replayed holds queries that were
 * answered long ago; a second answer would arrive in the shell as if it had been typed.
 */
export function muteReplies(parser: IParser, muted: () => boolean): void {
  for (const query of queries) parser.registerCsiHandler(query, muted);
  parser.registerDcsHandler({ intermediates: "$", final: "q" }, muted);
  for (const code of colorQueries) parser.registerOscHandler(code, (data) => muted() && data.includes("?"));
}
