import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import * as z from "zod";
import { parseOrFail } from "../../lib/contract/problem.ts";
import { CreateSession, CreateShare, RedeemShare, type SessionInfo } from "../../lib/contract/session.ts";
import type { Context } from "../context.ts";
import { withRoot } from "../files/container-root.ts";
import { isRunning } from "../operations/outcome.ts";
import type { StreamServices } from "../sessions/attach.ts";
import type { TerminalServices } from "../sessions/open-sessions.ts";
import { findShells } from "../sessions/shells.ts";
import type { StoredSession } from "../sessions/stored-session.ts";
import { hasCode } from "../state/files.ts";
import type { ContainerRecord } from "../state/record.ts";
import type { Call, WorkerRoute } from "./server.ts";

const WithPrincipal = z.object({ principal: z.string().min(1).max(200) });
const TicketRequest = WithPrincipal.extend({ readOnly: z.boolean().default(false) });
const ShareRequest = WithPrincipal.extend(CreateShare.shape);

/** The calls of worker.sock for terminals. */
export function sessionRoutes(
  context: Context,
  services: TerminalServices,
  container: (call: Call) => ContainerRecord,
): WorkerRoute[] {
  const { sessions, shares, execs, recordings } = services;
  const own = ({ params, body }: Call) => {
    const { principal } = parseOrFail(WithPrincipal, body);
    context.access.require(principal, "operator");
    return sessions.findOwn(params.id ?? "", principal);
  };
  /** For ending what others may see: an administrator's is everybody's. */
  const toEnd = (call: Call) => {
    const { principal } = parseOrFail(WithPrincipal, call.body);
    const { role } = context.access.require(principal, "operator");
    return role === "administrator" ? sessions.find(call.params.id ?? "") : own(call);
  };
  return [
    {
      method: "POST",
      pattern: /^\/containers\/(?<ref>[^/]+)\/sessions$/,
      handle: (call) => openSession(context, services, container(call), call.body),
    },
    {
      method: "GET",
      pattern: /^\/containers\/(?<ref>[^/]+)\/sessions$/,
      handle: (call) => {
        const record = container(call);
        return sessions.of(record.id).map((session) => describe(services, record, session));
      },
    },
    {
      method: "GET",
      pattern: /^\/containers\/(?<ref>[^/]+)\/shells$/,
      handle: (call) => withRoot(context, container(call).id, "read", (root) => findShells(context.addon, root)),
    },
    {
      method: "GET",
      pattern: /^\/containers\/(?<ref>[^/]+)\/recordings$/,
      handle: (call) => recordings.list(container(call)),
    },
    {
      method: "GET",
      pattern: /^\/containers\/(?<ref>[^/]+)\/recordings\/(?<id>[^/]+)$/,
      handle: (call) => sendLines(context, call, recordings.read(container(call), call.params.id ?? "")),
    },
    {
      method: "POST",
      pattern: /^\/sessions\/(?<id>[^/]+)\/tickets$/,
      handle: (call) => sessions.ticket(own(call), parseOrFail(TicketRequest, call.body)),
    },
    {
      method: "DELETE",
      pattern: /^\/sessions\/(?<id>[^/]+)$/,
      handle: async (call) => {
        const session = own(call);
        await shares.end(session.id);
        // A command that has just ended stays, for its recording; one that had is removed.
        if (session.mode === "exec" && session.end === null) await execs.hangUp(session);
        else await sessions.remove(session);
      },
    },
    {
      method: "POST",
      pattern: /^\/sessions\/(?<id>[^/]+)\/shares$/,
      handle: (call) => shares.create(own(call).id, parseOrFail(ShareRequest, call.body).minutes),
    },
    {
      method: "DELETE",
      pattern: /^\/sessions\/(?<id>[^/]+)\/shares$/,
      handle: (call) => shares.end(toEnd(call).id),
    },
    {
      method: "POST",
      pattern: /^\/shares\/redeem$/,
      handle: ({ body }) => redeem(context, services, parseOrFail(RedeemShare, body).code),
    },
  ];
}

/** Sends a recording no faster than it is taken. */
async function sendLines({ log }: Context, { response }: Call, lines: AsyncGenerator<string>): Promise<void> {
  response.writeHead(200, { "content-type": "application/x-asciicast" });
  await pipeline(Readable.from(lines), response).catch((error) => {
    // A reader that leaves ends the reading, too.
    if (!hasCode(error, "ERR_STREAM_PREMATURE_CLOSE")) log.warn({ err: error }, "a recording broke off");
  });
}

async function openSession(
  { access }: Context,
  { sessions, execs }: StreamServices,
  record: ContainerRecord,
  body: unknown,
) {
  const { principal, ...asked } = parseOrFail(WithPrincipal.loose(), body);
  access.require(principal, "operator");
  const options = parseOrFail(CreateSession, asked);
  if (options.mode === "exec") return sessions.ticket(await execs.start(record, principal, options));
  return sessions.open(record.id, principal, options);
}

function describe({ shares }: StreamServices, record: ContainerRecord, session: StoredSession): SessionInfo {
  const { id, containerId, mode, principal, createdAt } = session;
  const common = { sessionId: id, containerId, mode, principal, createdAt, shared: shares.isShared(id) };
  if (session.mode === "exec") {
    const { command, tty, end } = session;
    return { ...common, command, tty, state: end ? "ended" : "running", exitCode: end?.exitCode ?? null };
  }
  const { spec, status } = record;
  const state = isRunning(record) ? "running" : "ended";
  return { ...common, command: spec.command, tty: spec.tty, state, exitCode: status.exitCode };
}

/** A ticket to watch, for whoever has the code. */
async function redeem(context: Context, { sessions, shares }: StreamServices, code: string) {
  const share = shares.find(code);
  const session = sessions.find(share.session);
  context.access.require(session.principal, "operator");
  const containerName = context.records.find(session.containerId)?.spec.name ?? "";
  return { ...(await sessions.ticket(session, { share: share.id })), containerName };
}
