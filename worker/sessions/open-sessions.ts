import { join } from "node:path";
import { findPrincipal } from "../../lib/contract/access.ts";
import { reaches } from "../../lib/contract/role.ts";
import type { Context } from "../context.ts";
import type { StreamServices } from "./attach.ts";
import { createExecs } from "./execs.ts";
import { createRecordings, type Recordings } from "./recordings.ts";
import { openSessionStore } from "./session-store.ts";
import { createSessions } from "./sessions.ts";
import { openShares } from "./shares.ts";
import { createTickets } from "./tickets.ts";

/** All that terminals are served from. */
export interface TerminalServices extends StreamServices {
  recordings: Recordings;
  /** Removes what nobody needs any more; what fails is logged. */
  sweep(): Promise<void>;
}

/**
 * Opens all that terminals are served from, on this worker's folders, and finds the commands again that still run.
 * Sessions of containers that are gone are removed, now and whenever one is deleted.
 */
export async function openSessions(context: Context): Promise<TerminalServices> {
  const { config, paths, addon } = context;
  const store = await openSessionStore({
    run: join(config.run, "sessions"),
    containers: paths.containers,
    removeTree: addon.removeTree,
    replaceFile: addon.replaceFile,
  });
  const tickets = createTickets();
  const sessions = createSessions(store, tickets, context.readers);
  const shares = await openShares(join(config.run, "shares.json"), addon);
  // Whom a share lets in rests on whoever made it: it ends with that one's right to the terminal.
  const mayShare = (id: string) => {
    const session = store.get(id);
    const principal = session && findPrincipal(context.access.current, session.principal, Date.now());
    return principal ? reaches(principal.role, "operator") : false;
  };
  const endShares = () =>
    shares.endUnless(mayShare).catch((error) => context.log.error({ err: error }, "shares were not ended"));
  await endShares();
  context.access.onChange(() => void endShares());
  const execs = createExecs(context, store, sessions);
  await execs.recover();
  const isLive = (id: string) => context.records.find(id) !== undefined || context.labs.terminal(id) !== undefined;
  const sweep = () => sessions.sweep(isLive).catch((error) => context.log.warn({ err: error }, "sessions not swept"));
  await sweep();
  context.events.subscribe(({ action }) => {
    if (action === "deleted") void sweep();
  });
  context.labs.onGone(() => void sweep());
  const recordings = createRecordings(context, store, sessions);
  return { store, sessions, execs, shares, tickets, recordings, sweep };
}
