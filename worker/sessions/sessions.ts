import { randomUUID } from "node:crypto";
import * as z from "zod";
import { fail, type ProblemError } from "../../lib/contract/problem.ts";
import type { Session } from "../../lib/contract/session.ts";
import type { Readers } from "./readers.ts";
import type { SessionStore } from "./session-store.ts";
import type { AttachSession, StoredSession } from "./stored-session.ts";
import type { Tickets } from "./tickets.ts";

/** A session on a container's own streams that nobody has used for this long is forgotten. */
const unusedMs = 24 * 60 * 60 * 1000;
/** So many of them a container has at most; the ones that were used longest ago go first. */
const keptOfContainer = 128;

/**
 * Terminal sessions: who may watch and type at which container. The terminal itself lives in a shim; a session is a
 * small file, so that it outlives the worker.
 */
export interface Sessions {
  /** Opens a session on the container's own streams. */
  open(containerId: string, principal: string, size: { cols: number; rows: number }): Promise<Session>;
  /** A fresh ticket for a session. */
  ticket(session: StoredSession, options?: { readOnly?: boolean; share?: string }): Promise<Session>;
  /** Throws session-not-found. */
  find(id: string): StoredSession;
  /** Throws session-not-found, for another principal's session too. */
  findOwn(id: string, principal: string): StoredSession;
  /** Those of one container, the oldest first. */
  of(containerId: string): StoredSession[];
  /** Forgets a session, and ends every stream on it. */
  remove(session: StoredSession): Promise<void>;
  /** Registers a stream's end, to be called when its session is removed; answers how to take it back. */
  onEnd(id: string, listener: () => void): () => void;
  /** Removes the sessions of containers that are gone, and those that nobody uses any more. */
  sweep(isLive: (containerId: string) => boolean): Promise<void>;
}

export function createSessions(store: SessionStore, tickets: Tickets, readers: Readers): Sessions {
  const listeners = new Map<string, Set<() => void>>();
  for (const { id, containerId } of store.all().filter(isAttach)) readers.expect(containerId, id);

  const find = (id: string): StoredSession => {
    const session = z.uuid().safeParse(id).success ? store.get(id) : undefined;
    if (!session) throw notFound(id);
    return session;
  };
  const ticket: Sessions["ticket"] = async (session, { readOnly = false, share } = {}) => {
    const { id, containerId, mode } = session;
    if (mode === "attach") await store.update({ ...session, usedAt: new Date().toISOString() });
    const writable = !readOnly && share === undefined;
    const principal = share === undefined ? session.principal : null;
    return {
      sessionId: id,
      containerId,
      mode,
      writable,
      path: `/api/v1/sessions/${id}/stream`,
      ...tickets.issue({ session: id, principal, mode, writable, share: share ?? null }),
    };
  };
  const of = (containerId: string) =>
    store
      .all()
      .filter((session) => session.containerId === containerId)
      .sort((one, other) => one.createdAt.localeCompare(other.createdAt));
  const remove = async (session: StoredSession): Promise<void> => {
    await store.remove(session);
    if (isAttach(session)) readers.forget(session.containerId, session.id);
    for (const listener of listeners.get(session.id) ?? []) listener();
  };
  const makeRoom = async (containerId: string): Promise<void> => {
    const idle = of(containerId)
      .filter(isAttach)
      .filter(({ id }) => !listeners.has(id));
    idle.sort((one, other) => one.usedAt.localeCompare(other.usedAt));
    for (const session of idle.slice(0, Math.max(0, idle.length - keptOfContainer + 1))) await remove(session);
  };

  return {
    find,
    ticket,
    of,
    remove,
    async open(containerId, principal, { cols, rows }) {
      await makeRoom(containerId);
      const now = new Date().toISOString();
      const session: AttachSession = {
        ...{ id: randomUUID(), containerId, principal, mode: "attach" },
        ...{ cols, rows, createdAt: now, usedAt: now },
      };
      await store.create(session);
      readers.expect(containerId, session.id);
      return ticket(session);
    },
    findOwn(id, principal) {
      const session = find(id);
      if (session.principal !== principal) throw notFound(id);
      return session;
    },
    onEnd(id, listener) {
      const set = listeners.get(id) ?? new Set();
      listeners.set(id, set.add(listener));
      const session = store.get(id);
      const leave = session && isAttach(session) ? readers.enter(session.containerId) : () => {};
      return () => {
        leave();
        set.delete(listener);
        if (set.size === 0) listeners.delete(id);
      };
    },
    async sweep(isLive) {
      const oldest = Date.now() - unusedMs;
      for (const session of store.all()) {
        const isUnused = isAttach(session) && !listeners.has(session.id) && Date.parse(session.usedAt) < oldest;
        if (isUnused || !isLive(session.containerId)) await remove(session);
      }
    },
  };
}

function isAttach(session: StoredSession): session is AttachSession {
  return session.mode === "attach";
}

function notFound(id: string): ProblemError {
  return fail("session-not-found", "No such session", `There is no session ${JSON.stringify(id)}.`, {
    remedy: "Open a new one: POST /api/v1/containers/{name}/sessions.",
  });
}
