import { fail } from "../../lib/contract/problem.ts";
import type { RecordingInfo } from "../../lib/contract/session.ts";
import type { Context } from "../context.ts";
import { closeLogFiles, openLogFiles } from "../logs/files.ts";
import { indexOfFile } from "../logs/index-of-file.ts";
import { readTimeline } from "../logs/read-timeline.ts";
import type { ContainerRecord } from "../state/record.ts";
import { type CastHeader, writeAsciicast } from "./asciicast.ts";
import type { SessionStore } from "./session-store.ts";
import type { Sessions } from "./sessions.ts";

/** The recording of a container's own terminal: of its last run, as far as its log still has it. */
const own = "main";

/** Where a recording's output lies, and what is known of it. */
interface Recording extends CastHeader {
  id: string;
  mode: "attach" | "exec";
  folder: string;
  endedAt: string | null;
}

/** What terminals of containers showed: all of it is in their logs. */
export interface Recordings {
  list(record: ContainerRecord): Promise<RecordingInfo[]>;
  /** The lines of an asciicast. Throws not-found. */
  read(record: ContainerRecord, id: string): AsyncGenerator<string>;
}

export function createRecordings(context: Context, store: SessionStore, sessions: Sessions): Recordings {
  const recordingsOf = (record: ContainerRecord): Recording[] => {
    const { spec, status } = record;
    const commands = sessions.of(record.id).flatMap((session): Recording[] => {
      if (session.mode !== "exec") return [];
      const { id, command, tty, cols, rows, createdAt, end } = session;
      const folder = store.stateFolder(session);
      return [
        {
          ...{ id, mode: "exec", command, tty, cols, rows, title: `${spec.name}: ${command.join(" ")}` },
          ...{ folder, startedAt: createdAt, endedAt: end?.finishedAt ?? null },
        },
      ];
    });
    if (status.startedAt === null) return commands;
    const main: Recording = {
      ...{ id: own, mode: "attach", command: spec.command, tty: spec.tty, cols: 80, rows: 24, title: spec.name },
      ...{ folder: context.records.folder(record.id), startedAt: status.startedAt, endedAt: status.finishedAt },
    };
    return [main, ...commands];
  };

  return {
    list: (record) =>
      Promise.all(
        recordingsOf(record).map(async (recording) => {
          const { id, mode, command, startedAt, endedAt } = recording;
          return { id, mode, command: [...command], startedAt, endedAt, bytes: await bytesOf(recording) };
        }),
      ),
    read(record, id) {
      const recording = recordingsOf(record).find((one) => one.id === id);
      if (recording) return writeAsciicast(readTimeline(recording.folder, sinceOf(recording)), recording);
      throw fail("not-found", "No such recording", `${record.spec.name} has no recording ${JSON.stringify(id)}.`, {
        remedy: `"${own}" is the container's own terminal; others have the id of their session.`,
      });
    },
  };
}

function sinceOf({ startedAt }: Recording): bigint {
  return BigInt(Date.parse(startedAt)) * 1_000_000n;
}

/** How much output a recording has: from the first that was written since it began to the log's end. */
async function bytesOf(recording: Recording): Promise<number> {
  for await (const events of readTimeline(recording.folder, sinceOf(recording))) {
    for (const event of events) if ("bytes" in event) return (await endOf(recording.folder)) - event.offset;
  }
  return 0;
}

async function endOf(folder: string): Promise<number> {
  const files = await openLogFiles(folder);
  try {
    const newest = files.at(-1);
    return newest ? (await indexOfFile(newest)).end.end : 0;
  } finally {
    await closeLogFiles(files);
  }
}
