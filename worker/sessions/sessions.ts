import { randomUUID } from "node:crypto";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { ContainerId } from "../../lib/contract/container.ts";
import { fail, type ProblemError } from "../../lib/contract/problem.ts";
import type { CreateSession, Session } from "../../lib/contract/session.ts";
import { readJson, writeWhole } from "../state/files.ts";
import type { Tickets } from "./tickets.ts";

const StoredSession = z.object({
  id: z.uuid(),
  containerId: ContainerId,
  principal: z.string(),
  mode: z.enum(["attach", "exec"]),
  cols: z.int(),
  rows: z.int(),
});
export type StoredSession = z.infer<typeof StoredSession>;

/**
 * Terminal sessions: who may watch and type at which container. The terminal itself lives in the shim; a session is a
 * small file in RUN/sessions, so that it outlives the worker and ends with the host.
 */
export interface Sessions {
  open(containerId: string, principal: string, options: CreateSession): Promise<Session>;
  /** A fresh ticket. Throws session-not-found, for another principal's session too. */
  ticket(id: string, principal: string): Promise<Session>;
  /** Throws session-not-found. */
  find(id: string): Promise<StoredSession>;
  /** Ends a session and every stream on it. */
  end(id: string, principal: string): Promise<void>;
  /** Registers a stream's end, to be called when its session ends; answers how to take it back. */
  onEnd(id: string, listener: () => void): () => void;
  /** Removes the sessions of containers that are gone. */
  sweep(isLive: (containerId: string) => boolean): Promise<void>;
}

/** Opens the folder RUN/sessions, which is made when missing. */
export async function openSessions(folder: string, tickets: Tickets): Promise<Sessions> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const listeners = new Map<string, Set<() => void>>();
  const file = (id: string) => join(folder, `${id}.json`);

  const find = async (id: string): Promise<StoredSession> => {
    const session = z.uuid().safeParse(id).success ? await readJson(file(id), StoredSession) : null;
    if (!session) throw notFound(id);
    return session;
  };
  const findOwn = async (id: string, principal: string): Promise<StoredSession> => {
    const session = await find(id);
    if (session.principal !== principal) throw notFound(id);
    return session;
  };
  const withTicket = ({ id, containerId, principal, mode }: StoredSession): Session => ({
    sessionId: id,
    containerId,
    mode,
    writable: true,
    path: `/api/v1/sessions/${id}/stream`,
    ...tickets.issue(id, principal, mode),
  });
  const remove = async (id: string): Promise<void> => {
    await rm(file(id), { force: true });
    for (const listener of listeners.get(id) ?? []) listener();
  };

  return {
    find,
    async open(containerId, principal, { mode, cols, rows }) {
      const session: StoredSession = { id: randomUUID(), containerId, principal, mode, cols, rows };
      await writeWhole(file(session.id), JSON.stringify(session), { durable: false });
      return withTicket(session);
    },
    ticket: async (id, principal) => withTicket(await findOwn(id, principal)),
    end: async (id, principal) => remove((await findOwn(id, principal)).id),
    onEnd(id, listener) {
      const set = listeners.get(id) ?? new Set();
      listeners.set(id, set.add(listener));
      return () => {
        set.delete(listener);
        if (set.size === 0) listeners.delete(id);
      };
    },
    async sweep(isLive) {
      for (const name of await readdir(folder)) {
        const session = await readJson(join(folder, name), StoredSession).catch(() => null);
        if (!session) await rm(join(folder, name), { force: true });
        else if (!isLive(session.containerId)) await remove(session.id);
      }
    },
  };
}

function notFound(id: string): ProblemError {
  return fail("session-not-found", "No such session", `There is no session ${JSON.stringify(id)}.`, {
    remedy: "Open a new one: POST /api/v1/containers/{name}/sessions.",
  });
}
