import type { ServerResponse } from "node:http";
import type { Context } from "../context.ts";
import { holdContainer } from "../operations/hold.ts";
import { requireLive } from "../operations/outcome.ts";
import type { WorkerRoute } from "./server.ts";

/**
 * The calls of `minirun backup`, root's alone. Each answers a line when what is to be copied stands still, and holds it
 * until the connection ends: a backup that is killed holds nothing.
 */
export function backupRoutes(context: Context, stopping: AbortSignal): WorkerRoute[] {
  return [
    {
      method: "POST",
      pattern: /^\/backup\/hold$/,
      root: true,
      handle: async ({ response }) => {
        const release = await context.outbox.pause();
        await hold(response, stopping).finally(release);
      },
    },
    {
      method: "POST",
      pattern: /^\/backup\/hold\/(?<id>[^/]+)$/,
      root: true,
      handle: ({ params, query, response }) => {
        const record = requireLive(context.records.get(params.id ?? ""), params.id ?? "");
        return holdContainer(context, record.id, { freeze: query.has("freeze") }, (now) =>
          hold(response, stopping, { state: now.status.state }),
        );
      },
    },
  ];
}

/** Answers a line, and waits until the caller has gone or the worker stops. */
async function hold(response: ServerResponse, stopping: AbortSignal, line: object = {}): Promise<void> {
  if (response.destroyed) return;
  const gone = new Promise<void>((resolve) => {
    response.once("close", resolve);
    stopping.addEventListener("abort", () => response.end(resolve), { once: true });
  });
  response.writeHead(200, { "content-type": "application/x-ndjson" }).write(`${JSON.stringify(line)}\n`);
  await gone;
}
