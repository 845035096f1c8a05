import { fail } from "../../lib/contract/problem.ts";
import { decode, encodeJson, Opcode, windowBytes } from "../../lib/contract/terminal.ts";
import type { Context } from "../context.ts";
import { encodeOutputMessage } from "../engine/frames.ts";
import { readLogTail } from "../logs/tail.ts";
import type { ContainerRecord } from "../state/record.ts";
import type { ClientStream } from "./attach.ts";
import type { StoredSession } from "./sessions.ts";

/** As much of an ended container's output is shown as its shim's ring held. */
const replayBytes = 1024 * 1024;

/**
 * Shows the end of what an ended container printed, and how it ended, as its shim would have. Answers what takes the
 * client's acknowledgements. Throws container-not-running for one that never ran.
 */
export async function replayLog(
  context: Context,
  record: ContainerRecord,
  session: StoredSession,
  client: ClientStream,
  resumeFrom: number | null,
): Promise<(message: Buffer) => void> {
  const { spec } = record;
  if (record.status.startedAt === null) {
    throw fail("container-not-running", "The container does not run", `${spec.name} was never started.`, {
      remedy: "Start it: its terminal opens with it.",
    });
  }
  const pieces = await readLogTail(context.records.folder(record.id), replayBytes);
  const end = pieces.at(-1);
  const from = Math.max(resumeFrom ?? 0, pieces[0]?.offset ?? 0);
  const { cols, rows } = session;
  client.send(
    encodeJson(Opcode.ready, { sessionId: session.id, tty: spec.tty, offset: from, cols, rows, writable: false }),
  );
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
    client.send(encodeExit(record));
    client.socket.end();
  };
  sendMore();
  const last = end ? end.offset + end.bytes.length : from;
  return (message) => {
    const decoded = message[0] === Opcode.ack ? decode(message) : null;
    if (decoded?.opcode !== Opcode.ack) return;
    acknowledged = Math.min(Math.max(acknowledged, decoded.offset), last);
    sendMore();
  };
}

/** How a container ended, as its shim tells it; without a code when it was lost. */
export function encodeExit({ status }: ContainerRecord): Uint8Array {
  const { exitCode, signal, reason, oomKills } = status;
  return encodeJson(Opcode.exit, { exitCode, signal, reason: reason ?? "exited", oomKills });
}
