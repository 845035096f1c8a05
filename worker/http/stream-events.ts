import type { ServerResponse } from "node:http";
import type { EventLine } from "../../lib/contract/event.ts";
import type { Context } from "../context.ts";
import { toContainer } from "../state/record.ts";

const heartbeatMs = 10_000;
/** A listener that takes nothing for this long a backlog is cut off; it comes again and reads anew. */
const maxBacklogBytes = 4 * 1024 * 1024;

/** Tells how every container stands, and then what happens, as lines of JSON until the client leaves or the worker stops. */
export function streamEvents(context: Context, response: ServerResponse, stopping: AbortSignal): Promise<void> {
  response.writeHead(200, { "content-type": "application/x-ndjson" });
  const tell = (line: EventLine) => {
    response.write(`${JSON.stringify(line)}\n`);
    if (response.writableLength > maxBacklogBytes) response.destroy();
  };
  const unsubscribe = context.events.listen(tell);
  const timer = setInterval(() => tell({ type: "heartbeat" }), heartbeatMs);
  tell({ type: "hello" });
  tell({ type: "access", access: context.access.current });
  tell({ type: "snapshot", containers: context.records.live().map((record) => toContainer(record)) });
  return new Promise((resolve) => {
    const stop = () => response.end();
    stopping.addEventListener("abort", stop);
    response.once("close", () => {
      clearInterval(timer);
      unsubscribe();
      stopping.removeEventListener("abort", stop);
      resolve();
    });
  });
}
