import { z } from "zod";
import { callWorker } from "../../lib/client/worker.ts";
import type { Principal } from "../../lib/contract/principal.ts";
import { fail } from "../../lib/contract/problem.ts";
import { type CreateSession, Session } from "../../lib/contract/session.ts";
import type { WebContext } from "../context.ts";
import { findContainer } from "./find-container.ts";

const timeoutMs = 5_000;

/** Opens a terminal session on a container that runs. */
export async function createSession(
  context: WebContext,
  principal: Principal,
  ref: string,
  body: CreateSession,
): Promise<Session> {
  const { id } = await findContainer(context, ref);
  const request = { ...body, principal: principal.id };
  return Session.parse(
    await callWorker(context.workerSocket, "POST", `/containers/${id}/sessions`, request, { timeoutMs }),
  );
}

/** A fresh ticket for a session that exists. Throws session-not-found. */
export async function createTicket(context: WebContext, principal: Principal, id: string): Promise<Session> {
  const request = { principal: principal.id };
  const path = `/sessions/${sessionId(id)}/tickets`;
  return Session.parse(await callWorker(context.workerSocket, "POST", path, request, { timeoutMs }));
}

/** Ends a session: whoever watches it is disconnected. The container goes on. */
export async function deleteSession(context: WebContext, principal: Principal, id: string): Promise<void> {
  const request = { principal: principal.id };
  await callWorker(context.workerSocket, "DELETE", `/sessions/${sessionId(id)}`, request, { timeoutMs });
}

function sessionId(text: string): string {
  const parsed = z.uuid().safeParse(text);
  if (parsed.success) return parsed.data;
  throw fail("session-not-found", "No such session", `There is no session ${JSON.stringify(text)}.`);
}
