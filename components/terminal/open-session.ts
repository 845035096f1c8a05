import { ProblemError } from "@/lib/contract/problem.ts";
import type { Session } from "@/lib/contract/session.ts";
import { api } from "../api.ts";
import type { Size } from "./terminal-client.ts";

/** Gets a session with an unused ticket. */
export type OpenSession = (size: Size) => Promise<Session>;

/**
 * The container's own terminal: the session that this browser tab had before, or a new one when that is gone.
 * Its id outlives the page in the tab's storage.
 */
export function openOwn(containerId: string): OpenSession {
  const key = `minirun.session.${containerId}`;
  return async (size) => {
    const session =
      (await renew(sessionStorage.getItem(key))) ??
      (await api.call("createSession", { params: { name: containerId }, body: { mode: "attach", ...size } }));
    sessionStorage.setItem(key, session.sessionId);
    return session;
  };
}

/** A command's session. One that has just been made brings its first ticket along. */
export function openExec(sessionId: string, made?: Session): OpenSession {
  let first = made && Date.parse(made.expiresAt) > Date.now() ? made : undefined;
  return async () => {
    const session = first;
    first = undefined;
    return session ?? api.call("createTicket", { params: { id: sessionId } });
  };
}

async function renew(sessionId: string | null): Promise<Session | null> {
  if (sessionId === null) return null;
  try {
    return await api.call("createTicket", { params: { id: sessionId } });
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === "session-not-found") return null;
    throw error;
  }
}
