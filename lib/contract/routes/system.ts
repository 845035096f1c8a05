import * as z from "zod";
import { AuditEntry, AuditList, ExportAudit, ListAudit } from "../audit.ts";
import { ContainerEvent } from "../event.ts";
import { Health, NodeInfo, WorkerHealth } from "../health.ts";
import { HostReport } from "../host.ts";
import { ImageList } from "../image.ts";
import { LabInfo, LabRun, LabSummary, OpenLabSession } from "../lab.ts";
import { ListOperations, OperationList, OperationResult } from "../operation.ts";
import { Session } from "../session.ts";
import { listOf, type Route } from "./route.ts";

/** This installation: health, operations, events, audit, machines, images, labs. */
export const systemRoutes = {
  health: {
    method: "GET",
    path: "/health",
    summary: "How MiniRun is",
    signIn: false,
    success: { status: 200, schema: Health },
  },
  getWorker: {
    method: "GET",
    path: "/worker",
    role: "viewer",
    summary: "How the worker is, and the machine that it works on",
    success: { status: 200, schema: WorkerHealth },
  },
  listOperations: {
    method: "GET",
    path: "/operations",
    role: "viewer",
    summary: "List operations, the newest first",
    query: ListOperations,
    success: { status: 200, schema: OperationList },
  },
  getOperation: {
    method: "GET",
    path: "/operations/{id}",
    role: "viewer",
    summary: "Show an operation, or wait until it is finished, for at most that many seconds",
    query: z.object({ waitSeconds: z.coerce.number().min(0).max(60).default(0) }),
    success: { status: 200, schema: OperationResult },
  },
  watchEvents: {
    method: "GET",
    path: "/events",
    role: "viewer",
    summary: "Changes of containers, and operations, as server-sent events; resumes by Last-Event-ID",
    success: { status: 200, schema: ContainerEvent, stream: "text/event-stream" },
  },
  listAudit: {
    method: "GET",
    path: "/audit",
    role: "administrator",
    summary: "List who did what, from where, and what became of it, the newest first",
    query: ListAudit,
    success: { status: 200, schema: AuditList },
  },
  exportAudit: {
    method: "GET",
    path: "/audit/export",
    role: "administrator",
    summary: "The same whole, as lines of JSON or as CSV",
    query: ExportAudit,
    success: { status: 200, schema: AuditEntry, stream: "application/x-ndjson" },
  },
  listNodes: {
    method: "GET",
    path: "/nodes",
    role: "viewer",
    summary: "List the machines that run containers",
    success: listOf(NodeInfo),
  },
  listImages: {
    method: "GET",
    path: "/images",
    role: "viewer",
    summary: "List the images and host paths that root's configuration allows",
    success: { status: 200, schema: ImageList },
  },
  getHost: {
    method: "GET",
    path: "/host",
    role: "viewer",
    summary: "What this host offers to containers, feature by feature",
    success: { status: 200, schema: HostReport },
  },
  listLabs: { method: "GET", path: "/labs", role: "viewer", summary: "List the labs", success: listOf(LabSummary) },
  getLab: {
    method: "GET",
    path: "/labs/{lab}",
    role: "viewer",
    summary: "Show a lab with its program",
    success: { status: 200, schema: LabInfo },
  },
  startLab: {
    method: "POST",
    path: "/labs/{lab}/run",
    role: "operator",
    summary: "Run a lab; your run of it that goes on already stays as it is",
    success: { status: 201, schema: LabRun },
  },
  getLabRun: {
    method: "GET",
    path: "/labs/{lab}/run",
    role: "viewer",
    summary: "Show your run of a lab, and what the kernel says of its tasks",
    success: { status: 200, schema: LabRun },
  },
  endLab: {
    method: "DELETE",
    path: "/labs/{lab}/run",
    role: "operator",
    summary: "End your run of a lab, and remove all of it",
    success: { status: 204 },
  },
  openLabSession: {
    method: "POST",
    path: "/labs/{lab}/run/sessions",
    role: "operator",
    summary: "Open a terminal session on your run of a lab",
    body: OpenLabSession.prefault({}),
    success: { status: 201, schema: Session },
  },
} as const satisfies Record<string, Route>;
