import { z } from "zod";
import { AuditEntry, AuditList, ExportAudit, ListAudit } from "./audit.ts";
import {
  Container,
  ContainerEnd,
  ContainerList,
  CreateContainer,
  ListContainers,
  UpdateContainer,
} from "./container.ts";
import { ContainerEvent } from "./event.ts";
import {
  ArchiveResult,
  DeleteFileQuery,
  DownloadQuery,
  FileChange,
  FileEntry,
  FileListing,
  FileQuery,
  UploadQuery,
} from "./file.ts";
import { Health, NodeInfo } from "./health.ts";
import { ContainerReport, HostReport } from "./host.ts";
import { ImageList } from "./image.ts";
import { KernelQuery, KernelView, TriedSystemCall, TrySystemCall } from "./kernel.ts";
import { LabInfo, LabRun, LabSummary, OpenLabSession } from "./lab.ts";
import { LogQuery, LogRecord, MergedLogQuery } from "./log.ts";
import {
  BulkAction,
  BulkResult,
  KillArguments,
  ListOperations,
  OperationList,
  OperationResult,
  StopArguments,
} from "./operation.ts";
import {
  AcceptInvitation,
  BeginSignIn,
  BrowserSession,
  ChangePassword,
  Invitation,
  InvitedPerson,
  InvitePerson,
  Person,
  ReadInvitation,
  SignInAddress,
  UpdateAccount,
  UpdatePerson,
} from "./person.ts";
import { Principal, type Role } from "./principal.ts";
import {
  CreateSession,
  CreateShare,
  RecordingInfo,
  RedeemShare,
  Session,
  SessionInfo,
  Share,
  SharedSession,
} from "./session.ts";
import { SignIn } from "./sign-in.ts";
import { FollowQuery, HistoryQuery, ProcessList, StatsHistory, StatsSample, StatsSnapshot } from "./stats.ts";
import { CreateToken, NewToken, TokenInfo } from "./token.ts";
import { Trace, TraceQuery, TraceSummary } from "./trace.ts";

type StreamType =
  | "text/plain"
  | "text/event-stream"
  | "application/octet-stream"
  | "application/x-tar"
  | "application/x-ndjson"
  | "application/x-asciicast";

/**
 * A call of the HTTP API: what validates requests, types the client and generates the OpenAPI document. `role` is the
 * least that a principal must have; with `signIn: false` (/health, signing in and out, shares) nobody has to be known.
 */
export type Route = RouteParts & Admission;
type Admission = { signIn: false; role?: never } | { signIn?: never; role: Role };

interface RouteParts {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below /api/v1, with parameters as in OpenAPI: `/containers/{name}`. */
  path: string;
  summary: string;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** The body is a stream of this media type, not JSON. */
  upload?: "application/octet-stream" | "application/x-tar";
  /** A lifecycle call: honours `Prefer: respond-async` and `Idempotency-Key`. */
  operation?: true;
  success: { status: 200 | 201 | 202 | 204; schema?: z.ZodType; stream?: StreamType };
}

const container = { status: 200, schema: Container } as const;
const listOf = <S extends z.ZodType>(schema: S) => ({
  status: 200 as const,
  schema: z.object({ items: z.array(schema) }),
});

export const routes = {
  health: {
    method: "GET",
    path: "/health",
    summary: "How MiniRun is",
    signIn: false,
    success: { status: 200, schema: Health },
  },
  listContainers: {
    method: "GET",
    path: "/containers",
    role: "viewer",
    summary: "List containers",
    query: ListContainers,
    success: { status: 200, schema: ContainerList },
  },
  createContainer: {
    method: "POST",
    path: "/containers",
    role: "operator",
    summary: "Create a container",
    body: CreateContainer,
    operation: true,
    success: { status: 201, schema: Container },
  },
  getContainer: {
    method: "GET",
    path: "/containers/{name}",
    role: "viewer",
    summary: "Show a container",
    success: container,
  },
  deleteContainer: {
    method: "DELETE",
    path: "/containers/{name}",
    role: "operator",
    summary: "Delete a container; one that runs only with force",
    query: z.object({ force: z.stringbool().default(false) }),
    operation: true,
    success: { status: 204 },
  },
  startContainer: {
    method: "POST",
    path: "/containers/{name}/start",
    role: "operator",
    summary: "Start a container; one that runs stays as it is",
    operation: true,
    success: container,
  },
  stopContainer: {
    method: "POST",
    path: "/containers/{name}/stop",
    role: "operator",
    summary: "Stop a container: SIGTERM, and SIGKILL after the time-out",
    body: StopArguments.prefault({}),
    operation: true,
    success: container,
  },
  killContainer: {
    method: "POST",
    path: "/containers/{name}/kill",
    role: "operator",
    summary: "Send a signal to a container's first process",
    body: KillArguments.prefault({}),
    operation: true,
    success: container,
  },
  restartContainer: {
    method: "POST",
    path: "/containers/{name}/restart",
    role: "operator",
    summary: "Stop a container if it runs, and start it",
    body: StopArguments.prefault({}),
    operation: true,
    success: container,
  },
  pauseContainer: {
    method: "POST",
    path: "/containers/{name}/pause",
    role: "operator",
    summary: "Freeze every process of a container",
    operation: true,
    success: container,
  },
  resumeContainer: {
    method: "POST",
    path: "/containers/{name}/resume",
    role: "operator",
    summary: "Let a paused container go on",
    operation: true,
    success: container,
  },
  updateContainer: {
    method: "PATCH",
    path: "/containers/{name}",
    role: "operator",
    summary: "Rename a container or change its settings; If-Match guards against someone else's change",
    body: UpdateContainer,
    operation: true,
    success: container,
  },
  waitContainer: {
    method: "GET",
    path: "/containers/{name}/wait",
    role: "viewer",
    summary: "Wait until a container has ended, or for at most the time-out",
    query: z.object({ timeoutSeconds: z.coerce.number().min(0).max(3600).default(60) }),
    success: { status: 200, schema: ContainerEnd },
  },
  bulkAction: {
    method: "POST",
    path: "/actions",
    role: "operator",
    summary: "Carry out one verb on many containers; answers at once, with an operation for each",
    body: BulkAction,
    success: { status: 202, schema: BulkResult },
  },
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
  listFiles: {
    method: "GET",
    path: "/containers/{name}/files",
    role: "operator",
    summary: "Show a file, or a directory and what is in it",
    query: FileQuery,
    success: { status: 200, schema: FileListing },
  },
  changeFile: {
    method: "POST",
    path: "/containers/{name}/files",
    role: "operator",
    summary: "Make a directory, or move a file or directory",
    body: FileChange,
    success: { status: 200, schema: FileEntry },
  },
  deleteFile: {
    method: "DELETE",
    path: "/containers/{name}/files",
    role: "operator",
    summary: "Delete a file, or a directory; one that is not empty only with recursive",
    query: DeleteFileQuery,
    success: { status: 204 },
  },
  readFile: {
    method: "GET",
    path: "/containers/{name}/files/content",
    role: "operator",
    summary: "Read a file",
    query: DownloadQuery,
    success: { status: 200, stream: "application/octet-stream" },
  },
  writeFile: {
    method: "PUT",
    path: "/containers/{name}/files/content",
    role: "operator",
    summary: "Write a file whole",
    query: UploadQuery,
    upload: "application/octet-stream",
    success: { status: 200, schema: FileEntry },
  },
  readArchive: {
    method: "GET",
    path: "/containers/{name}/files/archive",
    role: "operator",
    summary: "Read a file or a directory as a tar archive",
    query: FileQuery,
    success: { status: 200, stream: "application/x-tar" },
  },
  writeArchive: {
    method: "PUT",
    path: "/containers/{name}/files/archive",
    role: "operator",
    summary: "Unpack a tar archive into a directory",
    query: FileQuery,
    upload: "application/x-tar",
    success: { status: 200, schema: ArchiveResult },
  },
  listShells: {
    method: "GET",
    path: "/containers/{name}/shells",
    role: "viewer",
    summary: "List the shells that a container has, the best first",
    success: listOf(z.string()),
  },
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
  createSession: {
    method: "POST",
    path: "/containers/{name}/sessions",
    role: "operator",
    summary: "Open a terminal session",
    body: CreateSession.prefault({}),
    success: { status: 201, schema: Session },
  },
  listSessions: {
    method: "GET",
    path: "/containers/{name}/sessions",
    role: "viewer",
    summary: "List a container's terminal sessions",
    success: listOf(SessionInfo),
  },
  createTicket: {
    method: "POST",
    path: "/sessions/{id}/tickets",
    role: "operator",
    summary: "A fresh ticket for a session that exists",
    body: z.strictObject({ readOnly: z.boolean().default(false) }).prefault({}),
    success: { status: 201, schema: Session },
  },
  createShare: {
    method: "POST",
    path: "/sessions/{id}/shares",
    role: "operator",
    summary: "Let others watch a session by a link",
    body: CreateShare.prefault({}),
    success: { status: 201, schema: Share },
  },
  deleteShares: {
    method: "DELETE",
    path: "/sessions/{id}/shares",
    role: "operator",
    summary: "End every share of a session, and the streams that rest on one",
    success: { status: 204 },
  },
  redeemShare: {
    method: "POST",
    path: "/shares/redeem",
    summary: "Exchange a share's code for a ticket to watch",
    signIn: false,
    body: RedeemShare,
    success: { status: 200, schema: SharedSession },
  },
  listRecordings: {
    method: "GET",
    path: "/containers/{name}/recordings",
    role: "viewer",
    summary: "List what can be replayed",
    success: listOf(RecordingInfo),
  },
  readRecording: {
    method: "GET",
    path: "/containers/{name}/recordings/{id}",
    role: "operator",
    summary: "Read a recording as asciicast, version 2",
    success: { status: 200, stream: "application/x-asciicast" },
  },
  deleteSession: {
    method: "DELETE",
    path: "/sessions/{id}",
    role: "operator",
    summary: "End a session; one whose command has ended goes, with its recording",
    success: { status: 204 },
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
  listTokens: {
    method: "GET",
    path: "/tokens",
    role: "viewer",
    summary: "List your API tokens; administrators see everybody's",
    success: listOf(TokenInfo),
  },
  createToken: {
    method: "POST",
    path: "/tokens",
    role: "viewer",
    summary: "Make an API token, with at most your own role",
    body: CreateToken,
    success: { status: 201, schema: NewToken },
  },
  deleteToken: {
    method: "DELETE",
    path: "/tokens/{id}",
    role: "viewer",
    summary: "Revoke an API token of yours, and end what rests on it; administrators anybody's",
    success: { status: 204 },
  },
  whoAmI: {
    method: "GET",
    path: "/whoami",
    role: "viewer",
    summary: "Who asks, with which role, and by which credential",
    success: { status: 200, schema: Principal },
  },
  listPeople: {
    method: "GET",
    path: "/people",
    role: "administrator",
    summary: "List the people who may sign in",
    success: listOf(Person),
  },
  invitePerson: {
    method: "POST",
    path: "/people",
    role: "administrator",
    summary: "Invite somebody: answers a one-time link by which they set name and password",
    body: InvitePerson,
    success: { status: 201, schema: Invitation },
  },
  updatePerson: {
    method: "PATCH",
    path: "/people/{id}",
    role: "administrator",
    summary: "Change somebody's name or role, disable or enable them",
    body: UpdatePerson,
    success: { status: 200, schema: Person },
  },
  deletePerson: {
    method: "DELETE",
    path: "/people/{id}",
    role: "administrator",
    summary: "Delete somebody, with all their sessions",
    success: { status: 204 },
  },
  createSignInLink: {
    method: "POST",
    path: "/people/{id}/links",
    role: "administrator",
    summary: "Make a new one-time link for somebody, as for a forgotten password; the one before stops working",
    success: { status: 201, schema: Invitation },
  },
  signOutPerson: {
    method: "POST",
    path: "/people/{id}/sign-out",
    role: "administrator",
    summary: "Sign somebody out everywhere",
    success: { status: 204 },
  },
  readInvitation: {
    method: "POST",
    path: "/invitations/look-up",
    summary: "Show whom a one-time link was made for",
    signIn: false,
    body: ReadInvitation,
    success: { status: 200, schema: InvitedPerson },
  },
  acceptInvitation: {
    method: "POST",
    path: "/invitations/accept",
    summary: "Set name and password by a one-time link, and sign in",
    signIn: false,
    body: AcceptInvitation,
    success: { status: 204 },
  },
  getAccount: {
    method: "GET",
    path: "/account",
    role: "viewer",
    summary: "Show one's own account",
    success: { status: 200, schema: Person },
  },
  updateAccount: {
    method: "PATCH",
    path: "/account",
    role: "viewer",
    summary: "Change one's own name",
    body: UpdateAccount,
    success: { status: 200, schema: Person },
  },
  changePassword: {
    method: "POST",
    path: "/account/password",
    role: "viewer",
    summary: "Set one's own password; every other browser is signed out",
    body: ChangePassword,
    success: { status: 204 },
  },
  listBrowserSessions: {
    method: "GET",
    path: "/account/sessions",
    role: "viewer",
    summary: "List the browsers in which one is signed in",
    success: listOf(BrowserSession),
  },
  endBrowserSession: {
    method: "DELETE",
    path: "/account/sessions/{id}",
    role: "viewer",
    summary: "Sign one of one's own browsers out",
    success: { status: 204 },
  },
  signIn: {
    method: "POST",
    path: "/sign-in",
    summary: "Exchange a password, the operator token or a one-time link's code for a session cookie",
    signIn: false,
    body: SignIn,
    success: { status: 204 },
  },
  beginSignIn: {
    method: "POST",
    path: "/sign-in/{provider}",
    summary: "Begin to sign in through an identity provider: answers where to go",
    signIn: false,
    body: BeginSignIn.prefault({}),
    success: { status: 200, schema: SignInAddress },
  },
  signOut: {
    method: "POST",
    path: "/sign-out",
    summary: "End the browser's session",
    signIn: false,
    success: { status: 204 },
  },
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof routes;

/**
 * What is opened as a WebSocket. Its first message carries a ticket, which says for whom a call of the role issued it;
 * the ticket of a share lets anybody watch.
 */
export const sockets = {
  terminalStream: {
    path: "/sessions/{id}/stream",
    role: "operator",
    summary: "A terminal's stream; docs/protocol.md describes it",
  },
} as const satisfies Record<string, { path: string; role: Role; summary: string }>;
