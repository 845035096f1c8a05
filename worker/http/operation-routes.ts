import { parseOrFail } from "../../lib/contract/problem.ts";
import { routes } from "../../lib/contract/routes.ts";
import type { Context } from "../context.ts";
import { createBulk } from "../operations/bulk.ts";
import { execute } from "../operations/execute.ts";
import { listOperations, waitForOperation } from "../operations/find-operation.ts";
import { waitForEnd } from "../operations/wait.ts";
import type { ContainerRecord } from "../state/record.ts";
import type { Call, WorkerRoute } from "./server.ts";

/** The calls that ask for operations and wait for them; `container` finds the one that a call names. */
export function operationRoutes(
  context: Context,
  container: (call: Call) => ContainerRecord,
  stopping: AbortSignal,
): WorkerRoute[] {
  const bulk = createBulk(context);
  return [
    { method: "POST", pattern: /^\/operations$/, handle: ({ body }) => execute(context, body) },
    { method: "POST", pattern: /^\/operations\/bulk$/, handle: ({ body }) => bulk(body) },
    { method: "GET", pattern: /^\/operations$/, handle: ({ query }) => listOperations(context, query.has("pending")) },
    {
      method: "GET",
      pattern: /^\/operations\/(?<id>[^/]+)$/,
      handle: (call) => {
        const milliseconds = Number(call.query.get("waitMs") ?? 0);
        return waitForOperation(context, call.params.id ?? "", milliseconds, untilGone(call, stopping));
      },
    },
    {
      method: "GET",
      pattern: /^\/containers\/(?<ref>[^/]+)\/wait$/,
      handle: (call) => {
        const { timeoutSeconds } = parseOrFail(routes.waitContainer.query, Object.fromEntries(call.query));
        return waitForEnd(context, container(call), timeoutSeconds * 1000, untilGone(call, stopping));
      },
    },
  ];
}

/** Aborts when the client leaves or the worker stops. */
function untilGone({ response }: Call, stopping: AbortSignal): AbortSignal {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  return AbortSignal.any([gone.signal, stopping]);
}
