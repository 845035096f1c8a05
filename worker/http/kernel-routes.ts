import { KernelQuery, TrySystemCall } from "../../lib/contract/kernel.ts";
import { parseOrFail } from "../../lib/contract/problem.ts";
import type { Context } from "../context.ts";
import { readKernel } from "../kernel/read-kernel.ts";
import { trySystemCall } from "../kernel/try-system-call.ts";
import type { ContainerRecord } from "../state/record.ts";
import type { Call, WorkerRoute } from "./server.ts";

/** The calls about what the kernel holds for a container. */
export function kernelRoutes(context: Context, container: (call: Call) => ContainerRecord): WorkerRoute[] {
  return [
    {
      method: "GET",
      pattern: /^\/containers\/(?<ref>[^/]+)\/kernel$/,
      handle: (call) => {
        const { parts } = parseOrFail(KernelQuery, Object.fromEntries(call.query));
        return readKernel(context, container(call), parts);
      },
    },
    {
      method: "POST",
      pattern: /^\/containers\/(?<ref>[^/]+)\/kernel\/try$/,
      handle: (call) => trySystemCall(context, container(call), parseOrFail(TrySystemCall, call.body).call),
    },
  ];
}
