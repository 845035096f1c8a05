import { LogQuery, LogRecord, MergedLogQuery } from "../log.ts";
import { KillArguments } from "../operation.ts";
import { FollowQuery, HistoryQuery, ProcessList, StatsHistory, StatsSample, StatsSnapshot } from "../stats.ts";
import type { Route } from "./route.ts";

/** What containers say and use: logs, statistics, processes. */
export const usageRoutes = {
  readLogs: {
    method: "GET",
    path: "/containers/{name}/logs",
    role: "viewer",
    summary: "Read a container's output; server-sent events with follow",
    query: LogQuery,
    success: { status: 200, schema: LogRecord, stream: "text/plain" },
  },
  readMergedLogs: {
    method: "GET",
    path: "/logs",
    role: "viewer",
    summary: "Read the output of several containers in order of time",
    query: MergedLogQuery,
    success: { status: 200, schema: LogRecord, stream: "text/plain" },
  },
  getStats: {
    method: "GET",
    path: "/containers/{name}/stats",
    role: "viewer",
    summary: "What a container uses; a server-sent event a second with follow",
    query: FollowQuery,
    success: { status: 200, schema: StatsSample },
  },
  getStatsHistory: {
    method: "GET",
    path: "/containers/{name}/stats/history",
    role: "viewer",
    summary: "What a container has used",
    query: HistoryQuery,
    success: { status: 200, schema: StatsHistory },
  },
  getAllStats: {
    method: "GET",
    path: "/stats",
    role: "viewer",
    summary: "What the host and every running container use; a server-sent event a second with follow",
    query: FollowQuery,
    success: { status: 200, schema: StatsSnapshot },
  },
  getMetrics: {
    method: "GET",
    path: "/metrics",
    role: "viewer",
    summary: "The same for Prometheus",
    success: { status: 200, stream: "text/plain" },
  },
  listProcesses: {
    method: "GET",
    path: "/containers/{name}/processes",
    role: "viewer",
    summary: "List a container's processes",
    success: { status: 200, schema: ProcessList },
  },
  signalProcess: {
    method: "POST",
    path: "/containers/{name}/processes/{pid}/signal",
    role: "operator",
    summary: "Send a signal to a process, named by its pid in the container",
    body: KillArguments.prefault({}),
    success: { status: 204 },
  },
} as const satisfies Record<string, Route>;
