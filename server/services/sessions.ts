import * as z from "zod";
import { callWorker } from "../../lib/client/worker.ts";
import type { Principal } from "../../lib/contract/principal.ts";
import { fail } from "../../lib/contract/problem.ts";
import { type CreateSession, Session, SessionInfo, Share, SharedSession } from "../../lib/contract/session.ts";
import { noteForAudit } from "../audit.ts";
import type { WebContext } from "../context.ts";
import { networkOf } from "../rate-limit.ts";
import { findContainer } from "./find-container.ts";
import { limited } from "./limited.ts";

const timeoutMs = 5_000;
/** A command that does not end when it is hung up is killed after 2 s, and the kernel gets 5 more to end it. */
const endTimeoutMs = 10_000;
/** The shim gives a command 30 s to come to its program. */
const startTimeoutMs = 40_000;

/** Opens a terminal session: on the container's own streams, or with a further command in it. */
export async function createSession(
  context: WebContext,
  principal: Principal,
  ref: string,
  body: CreateSession,
): Promise<Session> {
  const what = body.mode === "attach" ? "at the container's own terminal" : JSON.stringify(body.command);
  noteForAudit(context, { detail: what });
  const { id } = await findContainer(context, ref);
  const request = { ...body, principal: principal.id };
  const answer = await callWorker(context.workerSocket, "POST", `/containers/${id}/sessions`, request, {
    timeoutMs: body.mode === "exec" ? startTimeoutMs : timeoutMs,
  });
  return withHolder(context, principal, Session.parse(answer));
}

/** A container's sessions, the oldest first. */
export async function listSessions(context: WebContext, ref: string): Promise<SessionInfo[]> {
  const { id } = await findContainer(context, ref);
  const answer = await callWorker(context.workerSocket, "GET", `/containers/${id}/sessions`, undefined, { timeoutMs });
  return z.array(SessionInfo).parse(answer);
}

/** The shells that a container has, the best first. */
export async function listShells(context: WebContext, ref: string): Promise<string[]> {
  const { id } = await findContainer(context, ref);
  const answer = await callWorker(context.workerSocket, "GET", `/containers/${id}/shells`, undefined, { timeoutMs });
  return z.array(z.string()).parse(answer);
}

/** A fresh ticket for a session that exists. Throws session-not-found. */
export async function createTicket(
  context: WebContext,
  principal: Principal,
  id: string,
  options: { readOnly: boolean },
): Promise<Session> {
  const request = { ...options, principal: principal.id };
  const path = `/sessions/${sessionId(id)}/tickets`;
  const answer = await callWorker(context.workerSocket, "POST", path, request, { timeoutMs });
  return withHolder(context, principal, Session.parse(answer));
}

/** A session whose ticket is known to be this principal's: its stream ends with the credential that it was asked for with. */
export function withHolder({ ticketHolders }: WebContext, principal: Principal, session: Session): Session {
  ticketHolders.put(session.ticket, principal);
  return session;
}

/** Ends a session: its command, or its streams when it is on the container's own; the container goes on. */
export async function deleteSession(context: WebContext, principal: Principal, id: string): Promise<void> {
  const request = { principal: principal.id };
  const path = `/sessions/${sessionId(id)}`;
  await callWorker(context.workerSocket, "DELETE", path, request, { timeoutMs: endTimeoutMs });
}

/** Lets others watch a session by a link. */
export async function createShare(
  context: WebContext,
  principal: Principal,
  id: string,
  options: { minutes: number },
): Promise<Share> {
  const request = { ...options, principal: principal.id };
  const path = `/sessions/${sessionId(id)}/shares`;
  return Share.parse(await callWorker(context.workerSocket, "POST", path, request, { timeoutMs }));
}

/** Ends every share of a session, and the streams that rest on one. */
export async function deleteShares(context: WebContext, principal: Principal, id: string): Promise<void> {
  const request = { principal: principal.id };
  await callWorker(context.workerSocket, "DELETE", `/sessions/${sessionId(id)}/shares`, request, { timeoutMs });
}

/**
 * A ticket to watch for whoever has a share's code.
 * Throws share-not-found, or too-many-requests after ten failures from one address in a minute.
 */
export async function redeemShare(context: WebContext, code: string, remote: string): Promise<SharedSession> {
  return limited(context.signInAttempts, networkOf(remote), async () =>
    SharedSession.parse(await callWorker(context.workerSocket, "POST", "/shares/redeem", { code }, { timeoutMs })),
  );
}

function sessionId(text: string): string {
  const parsed = z.uuid().safeParse(text);
  if (parsed.success) return parsed.data;
  throw fail("session-not-found", "No such session", `There is no session ${JSON.stringify(text)}.`);
}
