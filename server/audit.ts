import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { callWorker } from "../lib/client/worker.ts";
import type { AuditEntry, NewAuditEntry } from "../lib/contract/audit.ts";
import { ContainerId } from "../lib/contract/container.ts";
import type { Operation } from "../lib/contract/operation.ts";
import type { Principal } from "../lib/contract/principal.ts";
import { type Problem, problem } from "../lib/contract/problem.ts";
import type { Route } from "../lib/contract/routes.ts";
import { addAudit } from "../lib/store/audit.ts";
import { within } from "../lib/within.ts";
import type { WebContext } from "./context.ts";
import { problemOf } from "./problems.ts";
import type { RequestContext } from "./request-context.ts";

const workerMs = 1_000;
const databaseMs = 500;
const mostDetail = 1000;

/** What a service adds to the entry of the call that it serves. */
export interface AuditNote {
  /** Who it turned out to be, of a call that signs in. */
  principal?: { id: string; name: string };
  /** What was shown to get in. */
  credential?: { kind: string; id: string };
  /** What the call made, or changed, where its address doesn't name it well enough. */
  target?: string;
  containerId?: string;
  /** What was done, in a person's words; beside it stands why it was refused. */
  detail?: string;
  /** Operations tell of themselves, each with its result. */
  byOperation?: true;
}

/** An operation with what the audit is to tell of the request that is being answered, which asks for it. */
export function withOrigin({ requests }: Pick<WebContext, "requests">, operation: Operation): Operation {
  const current = requests.getStore();
  if (!current?.principal) return operation;
  const { id: requestId, remote, principal } = current;
  return { ...operation, origin: { requestId, remote, name: principal.name, credential: shownBy(principal) } };
}

/** Adds to the entry of the request that is being answered. */
export function noteForAudit({ requests }: Pick<WebContext, "requests">, note: AuditNote): void {
  Object.assign(requests.getStore()?.note ?? {}, note);
}

/** The request has become an operation, whose entry takes the place of the call's. */
export function isOperationNow(context: Pick<WebContext, "requests">): void {
  noteForAudit(context, { byOperation: true });
}

/** Whether a call of the contract changes something, or tries to get in. A ticket is neither: it continues a session. */
export function isAudited({ method, path }: Pick<Route, "method" | "path">): boolean {
  return method !== "GET" && !path.endsWith("/tickets");
}

/**
 * Writes down what became of a call, before it is answered. Answered calls have their entry, then, unless neither worker
 * nor database takes it: that is in the log.
 */
export async function auditCall(
  context: WebContext,
  route: Pick<Route, "method" | "path">,
  params: Record<string, string>,
  current: RequestContext,
  refused: Problem | null,
): Promise<void> {
  const { note, principal, remote } = current;
  if (note.byOperation) return;
  const isKnown = principal ?? note.principal;
  if (!isKnown && !context.strangers.admits(remote)) return;
  const who = note.principal ?? principal;
  await writeAudit(context, {
    id: randomUUID(),
    principal: who?.id ?? null,
    name: who?.name ?? null,
    credential: note.credential ?? (principal && shownBy(principal)),
    action: `${route.method} ${route.path}`,
    target: (note.target ?? Object.values(params).join(" ")).slice(0, 400) || null,
    containerId: note.containerId ?? ContainerId.safeParse(params.name).data ?? null,
    remote: remote.slice(0, 64),
    result: refused ? resultOf(refused) : "succeeded",
    code: refused?.code ?? null,
    detail: [note.detail, refused?.detail].filter(Boolean).join("; ").slice(0, mostDetail) || null,
    requestId: current.id,
  });
}

/** Who is signed in by the cookies of an answer; null for nobody, or when that can't be said now. */
export async function principalOf(context: WebContext, cookies: readonly string[]): Promise<Principal | null> {
  const cookie = cookies.map((one) => one.split(";", 1)[0]).join("; ");
  return context.principals.resolve({ cookie }).catch(() => null);
}

/** Writes down that someone has come back from an identity provider, signed in or not. */
export async function auditCallback(
  context: WebContext,
  current: RequestContext,
  response: ServerResponse,
): Promise<void> {
  const cookies = [response.getHeader("set-cookie") ?? []].flat().map(String);
  const principal = await principalOf(context, cookies);
  if (principal) current.note.principal = principal;
  current.note.credential = { kind: "provider", id: current.id };
  const refused = principal ? null : problem("forbidden", "Not signed in", "the provider's answer was not accepted");
  await auditCall(context, { method: "GET", path: "/api/auth/callback/{provider}" }, {}, current, refused);
}

function resultOf({ status }: Problem): AuditEntry["result"] {
  return status >= 500 ? "failed" : "refused";
}

function shownBy({ credential: { kind, id } }: Principal): AuditEntry["credential"] {
  return { kind, id };
}

/** Through the worker, whose outbox keeps it for the database; where that is away, into the database itself. */
async function writeAudit(context: WebContext, entry: NewAuditEntry): Promise<void> {
  try {
    await callWorker(context.workerSocket, "POST", "/audit", entry, { timeoutMs: workerMs });
  } catch (error) {
    if (problemOf(error)?.code !== "worker-unavailable") context.log.error({ err: error }, "the worker took no audit");
    const whole = { ...entry, at: new Date().toISOString(), node: context.config.node };
    const written = await within(
      addAudit(context.store.pool, whole).then(
        () => true,
        () => false,
      ),
      databaseMs,
    );
    if (!written) context.log.error({ audit: whole }, "an entry of the audit is in this log alone");
  }
}
