import type { Client } from "../lib/client/api.ts";
import { readServerSentEvents } from "../lib/client/server-sent-events.ts";
import { type LogQuery, LogRecord } from "../lib/contract/log.ts";

/** The lines of a container's output, as they come, until it ends. */
export async function* followLog(client: Client, name: string, query: Partial<LogQuery>): AsyncGenerator<LogRecord> {
  const response = await client.open("readLogs", {
    params: { name },
    query: { ...query, follow: true },
    accept: "text/event-stream",
  });
  yield* recordsOf(response);
}

/** The log records of an event stream, until its event `end`. */
export async function* recordsOf(response: Response): AsyncGenerator<LogRecord> {
  if (!response.body) return;
  for await (const { event, data } of readServerSentEvents(response.body)) {
    if (event === "end") return;
    yield LogRecord.parse(JSON.parse(data));
  }
}
