import { once } from "node:events";
import type { LogQuery } from "../../lib/contract/log.ts";
import type { Context } from "../context.ts";
import { createRecordFormatter, createTextFormatter } from "../logs/format.ts";
import { readLog } from "../logs/read-log.ts";
import { isRunning } from "../operations/outcome.ts";
import type { ContainerRecord } from "../state/record.ts";
import type { Call } from "./server.ts";

/** Sends a container's output as text or, when that is asked for, as lines of JSON; no faster than it is taken. */
export async function streamLog(
  context: Context,
  { id }: ContainerRecord,
  { tail, stream, timestamps, follow }: LogQuery,
  { request, response }: Call,
  stopping: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  response.once("close", () => over.abort());
  const signal = AbortSignal.any([over.signal, stopping]);
  const asRecords = request.headers.accept === "application/x-ndjson";
  response.writeHead(200, { "content-type": asRecords ? "application/x-ndjson" : "text/plain; charset=utf-8" });
  response.flushHeaders();
  const toRecord = createRecordFormatter();
  const toText = createTextFormatter({ timestamps });
  const chunks = readLog(context.records.folder(id), {
    tail,
    stream: stream && (stream === "stdout" ? 1 : 2),
    follow,
    signal,
    isRunning: () => {
      const record = context.records.get(id);
      return record !== undefined && (isRunning(record) || record.status.state === "starting");
    },
  });
  for await (const chunk of chunks) {
    const sent = response.write(asRecords ? `${JSON.stringify(toRecord(chunk))}\n` : toText(chunk));
    if (!sent) await once(response, "drain", { signal }).catch(() => {});
    if (signal.aborted) break;
  }
  response.end();
}
