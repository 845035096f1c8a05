import { decode, type Exit, encodeJson, Opcode, windowBytes } from "../../lib/contract/terminal.ts";
import { encodeOutputMessage } from "../engine/frames.ts";
import { readLogTail } from "../logs/tail.ts";
import type { ClientStream } from "./attach.ts";
import type { StoredSession } from "./stored-session.ts";
import type { Terminal } from "./terminals.ts";

/** As much of an ended terminal's output is shown as its shim's ring held. */
const replayBytes = 1024 * 1024;

/**
 * Shows the end of what an ended terminal printed, and how it ended, as its shim would have. Answers what takes the
 * client's acknowledgements.
 */
export async function replayLog(
  terminal: Terminal,
  session: StoredSession,
  client: ClientStream,
  resumeFrom: number | null,
): Promise<(message: Buffer) => void> {
  const pieces = await readLogTail(terminal.log, replayBytes);
  const end = pieces.at(-1);
  const last = end ? end.offset + end.bytes.length : 0;
  const from = Math.max(resumeFrom ?? 0, pieces[0]?.offset ?? 0);
  const { cols, rows } = session;
  const ready = { sessionId: session.id, tty: terminal.tty, offset: from, end: last, cols, rows, writable: false };
  client.send(encodeJson(Opcode.ready, ready));
  if (resumeFrom !== null && from > resumeFrom) client.send(encodeJson(Opcode.gap, { from: resumeFrom, to: from }));

  let acknowledged = from;
  let ended = false;
  const queue = pieces.filter(({ offset, bytes }) => offset + bytes.length > from);
  const sendMore = () => {
    for (let piece = queue[0]; piece && piece.offset - acknowledged < windowBytes; piece = queue[0]) {
      const skip = Math.max(0, from - piece.offset);
      const opcode = piece.stream === 1 ? Opcode.output : Opcode.errorOutput;
      client.send(encodeOutputMessage(opcode, piece.offset + skip, piece.bytes.subarray(skip)));
      queue.shift();
    }
    if (queue.length > 0 || ended) return;
    ended = true;
    const exit = terminal.end();
    if (exit) client.send(encodeExit(exit));
    client.socket.end();
  };
  sendMore();
  return (message) => {
    const decoded = message[0] === Opcode.ack ? decode(message) : null;
    if (decoded?.opcode !== Opcode.ack) return;
    acknowledged = Math.min(Math.max(acknowledged, decoded.offset), last);
    sendMore();
  };
}

/** How it ended, as a shim tells it. */
export function encodeExit({ exitCode, signal, reason, oomKills }: Exit): Uint8Array {
  return encodeJson(Opcode.exit, { exitCode, signal, reason, oomKills });
}
