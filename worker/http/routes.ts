import * as z from "zod";
import { LogQuery, MergedLogQuery } from "../../lib/contract/log.ts";
import { fail, parseOrFail } from "../../lib/contract/problem.ts";
import type { Context } from "../context.ts";
import type { Database } from "../database/database.ts";
import { readContainerReport } from "../doctor/container-report.ts";
import { readHostReport } from "../doctor/host-report.ts";
import { listImages } from "../images/list-images.ts";
import type { Links } from "../links.ts";
import type { TerminalServices } from "../sessions/open-sessions.ts";
import { type ContainerRecord, toContainer } from "../state/record.ts";
import type { Monitor } from "../stats/monitor.ts";
import { accessRoutes } from "./access-routes.ts";
import { auditRoutes } from "./audit-routes.ts";
import { backupRoutes } from "./backup-routes.ts";
import { fileRoutes } from "./file-routes.ts";
import { readHealth } from "./health.ts";
import { kernelRoutes } from "./kernel-routes.ts";
import { labRoutes } from "./lab-routes.ts";
import { operationRoutes } from "./operation-routes.ts";
import type { Call, WorkerRoute } from "./server.ts";
import { sessionRoutes } from "./session-routes.ts";
import { statsRoutes } from "./stats-routes.ts";
import { streamEvents } from "./stream-events.ts";
import { streamLog, streamMergedLog } from "./stream-log.ts";
import { traceRoutes } from "./trace-routes.ts";

const WithPrincipal = z.object({ principal: z.string().min(1).max(200) });
const Code = z.object({ code: z.string().max(200) });

/** What the routes work with, beside the context. */
export interface Services {
  terminals: TerminalServices;
  links: Links;
  database: Database;
  monitor: Monitor;
  startedAt: string;
  stopping: AbortSignal;
}

/** The calls of worker.sock; docs/architecture.md says who makes them. */
export function workerRoutes(context: Context, services: Services): WorkerRoute[] {
  const { links, stopping } = services;
  const container = ({ params }: Call) => requireContainer(context, params.ref);
  return [
    { method: "GET", pattern: /^\/health$/, handle: () => readHealth(context, services) },
    ...operationRoutes(context, container, stopping),
    { method: "GET", pattern: /^\/host$/, handle: () => readHostReport(context.installation) },
    {
      method: "GET",
      pattern: /^\/containers\/(?<ref>[^/]+)\/doctor$/,
      handle: (call) => readContainerReport(context, container(call)),
    },
    { method: "GET", pattern: /^\/images$/, handle: () => listImages(context) },
    {
      method: "GET",
      pattern: /^\/containers$/,
      handle: () => context.records.live().map((record) => toContainer(record)),
    },
    { method: "GET", pattern: /^\/containers\/(?<ref>[^/]+)$/, handle: (call) => toContainer(container(call)) },
    ...traceRoutes(context, services.terminals, container),
    {
      method: "GET",
      pattern: /^\/containers\/(?<ref>[^/]+)\/logs$/,
      handle: (call) => {
        const query = parseOrFail(LogQuery, Object.fromEntries(call.query));
        return streamLog(context, container(call), query, call, stopping);
      },
    },
    {
      method: "GET",
      pattern: /^\/logs$/,
      handle: (call) => {
        const query = parseOrFail(MergedLogQuery, Object.fromEntries(call.query));
        const records = query.containers.map((ref) => requireContainer(context, ref));
        return streamMergedLog(context, records, query, call, stopping);
      },
    },
    ...accessRoutes(context),
    ...fileRoutes(context, container),
    ...sessionRoutes(context, services.terminals, container),
    ...labRoutes(context, services.terminals),
    ...statsRoutes(context, services, container),
    ...kernelRoutes(context, container),
    ...backupRoutes(context, stopping),
    ...auditRoutes(context),
    { method: "GET", pattern: /^\/events$/, handle: ({ response }) => streamEvents(context, response, stopping) },
    {
      method: "POST",
      pattern: /^\/links$/,
      root: true,
      handle: async ({ body }) => ({ code: await links.create(parseOrFail(WithPrincipal, body).principal) }),
    },
    {
      method: "POST",
      pattern: /^\/links\/redeem$/,
      handle: async ({ body }) => ({ principal: await links.redeem(parseOrFail(Code, body).code) }),
    },
  ];
}

function requireContainer(context: Context, ref = ""): ContainerRecord {
  const record = context.records.find(ref);
  if (record) return record;
  throw fail("container-not-found", "No such container", `There is no container ${JSON.stringify(ref)} on this node.`);
}
