import { KernelQuery, TrySystemCall } from "../../lib/contract/kernel.ts";
import { parseOrFail } from "../../lib/contract/problem.ts";
import type { Context } from "../context.ts";
import { readKernelText } from "../kernel/read-kernel.ts";
import { trySystemCall } from "../kernel/try-system-call.ts";
import type { ContainerRecord } from "../state/record.ts";
import type { Call, WorkerRoute } from "./server.ts";

/** The calls about what the kernel holds for a container. */
export function kernelRoutes(context: Context, container: (call: Call) => ContainerRecord): WorkerRoute[] {
  return [
    {
      method: "GET",
      pattern: /^\/containers\/(?<ref>[^/]+)\/kernel$/,
      handle: async (call) => {
        const { parts } = parseOrFail(KernelQuery, Object.fromEntries(call.query));
        const text = await readKernelText(context, container(call), parts);
        call.response.writeHead(200, { "content-type": "application/json" }).end(text);
      },
    },
    {
      method: "POST",
      pattern: /^\/containers\/(?<ref>[^/]+)\/kernel\/try$/,
      handle: (call) => trySystemCall(context, container(call), parseOrFail(TrySystemCall, call.body).call),
    },
  ];
}
