import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "../lib/client/api.ts";
import { readServerSentEvents } from "../lib/client/server-sent-events.ts";
import { type LogQuery, LogRecord, type MergedLogQuery } from "../lib/contract/log.ts";
import { Problem, ProblemError } from "../lib/contract/problem.ts";

/** How long a source that was lost is looked for, in milliseconds. */
const patienceMs = 60_000;
/** Lines of several containers come in order of time, as far as they come together: one may be this late, in milliseconds. */
const lateMs = 1_000;

/** Where a stream goes on: behind its last event, or, where none came, when it was first opened (by the server's clock). */
interface Resume {
  lastEventId?: string;
  openedAt?: string;
}

/**
 * The lines of a container's output, as they come, until it ends. A connection that breaks is made again for a minute,
 * and goes on behind the last line. Throws the problem of a log that can't be read (on).
 */
export function followLog(client: Client, name: string, query: Partial<LogQuery>): AsyncGenerator<LogRecord> {
  return follow(({ openedAt, lastEventId }) =>
    client.open("readLogs", {
      params: { name },
      query: { ...query, follow: true, ...instead(query, openedAt) },
      accept: "text/event-stream",
      ...(lastEventId !== undefined && { lastEventId }),
    }),
  );
}

/** The same for several containers, in order of time. */
export async function* followMergedLog(client: Client, query: Partial<MergedLogQuery>): AsyncGenerator<LogRecord> {
  const ends = new Map<string, number>();
  const records = follow(({ openedAt, lastEventId: last }) =>
    client.open("readMergedLogs", {
      query: { ...query, follow: true, ...instead(query, openedAt) },
      accept: "text/event-stream",
      ...(last !== undefined && { lastEventId: new Date(Date.parse(last) - lateMs).toISOString() }),
    }),
  );
  for await (const record of records) {
    const { container = "", offset, next } = record;
    // It is resumed by time, from a little before: some lines come twice.
    if (offset < (ends.get(container) ?? 0)) continue;
    ends.set(container, next);
    yield record;
  }
}

/** Of the last lines, none of which there were yet, those that have come since. */
function instead({ tail }: Partial<LogQuery>, openedAt: string | undefined) {
  return tail !== undefined && openedAt !== undefined ? { tail: undefined, since: openedAt } : {};
}

async function* follow(open: (resume: Resume) => Promise<Response>): AsyncGenerator<LogRecord> {
  let resume: Resume = {};
  let heardAt: number | null = null;
  for (let delay = 200; ; delay = Math.min(delay * 2, 2_000)) {
    try {
      const response = await open(resume);
      heardAt ??= Date.now();
      if (!resume.lastEventId) resume.openedAt ??= new Date(response.headers.get("date") ?? Date.now()).toISOString();
      for await (const { event, id, data } of readServerSentEvents(response.body ?? new ReadableStream())) {
        if (event === "end") return;
        if (event === "problem") throw new ProblemError(Problem.parse(JSON.parse(data)));
        heardAt = Date.now();
        delay = 200;
        if (id !== null) resume = { lastEventId: id };
        yield LogRecord.parse(JSON.parse(data));
      }
    } catch (error) {
      if (!isBreak(error) || heardAt === null || Date.now() - heardAt > patienceMs) throw error;
    }
    await sleep(delay);
  }
}

/** Whether it is the connection that has failed, or a part behind it that is restarted. */
function isBreak(error: unknown): boolean {
  if (error instanceof ProblemError) return error.problem.status >= 500;
  // Of fetch: a body that breaks off is a TypeError ("terminated").
  return error instanceof TypeError || (error instanceof Error && error.name === "UnreachableError");
}
