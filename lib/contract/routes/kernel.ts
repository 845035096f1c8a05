import { ContainerReport } from "../host.ts";
import { KernelQuery, KernelView, TriedSystemCall, TrySystemCall } from "../kernel.ts";
import { Trace, TraceQuery, TraceSummary } from "../trace.ts";
import { listOf, type Route } from "./route.ts";

/** What the kernel did and holds: traces, kernel view, doctor. */
export const kernelRoutes = {
  getTrace: {
    method: "GET",
    path: "/containers/{name}/trace",
    role: "viewer",
    summary: "Show the steps of a container's last start, or of its last end",
    query: TraceQuery,
    success: { status: 200, schema: Trace },
  },
  getKernel: {
    method: "GET",
    path: "/containers/{name}/kernel",
    role: "viewer",
    summary: "What the kernel holds for a running container; a server-sent event a second with follow",
    query: KernelQuery,
    success: { status: 200, schema: KernelView },
  },
  trySystemCall: {
    method: "POST",
    path: "/containers/{name}/kernel/try",
    role: "operator",
    summary: "Make a system call that a container's filter refuses, in a scratch container with the same filter",
    body: TrySystemCall,
    success: { status: 200, schema: TriedSystemCall },
  },
  checkContainer: {
    method: "GET",
    path: "/containers/{name}/doctor",
    role: "viewer",
    summary: "What a container needs of the host and of its own files, and whether it is there",
    success: { status: 200, schema: ContainerReport },
  },
  listTraces: {
    method: "GET",
    path: "/containers/{name}/traces",
    role: "viewer",
    summary: "List the traces of a container that are kept: starts, ends and further commands, the newest first",
    success: listOf(TraceSummary),
  },
  getOperationTrace: {
    method: "GET",
    path: "/operations/{id}/trace",
    role: "viewer",
    summary: "Show the steps of the start or the end that an operation was",
    success: { status: 200, schema: Trace },
  },
  getSessionTrace: {
    method: "GET",
    path: "/containers/{name}/sessions/{id}/trace",
    role: "viewer",
    summary: "Show the steps by which a further command came to run in a container, or to its end",
    query: TraceQuery,
    success: { status: 200, schema: Trace },
  },
} as const satisfies Record<string, Route>;
