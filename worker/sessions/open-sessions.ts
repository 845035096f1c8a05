import { join } from "node:path";
import type { Context } from "../context.ts";
import type { StreamServices } from "./attach.ts";
import { createExecs } from "./execs.ts";
import { openSessionStore } from "./session-store.ts";
import { createSessions } from "./sessions.ts";
import { openShares } from "./shares.ts";
import { createTickets } from "./tickets.ts";

/** Opens all that terminals are served from, on this worker's folders, and finds the commands again that still run. */
export async function openSessions(context: Context): Promise<StreamServices> {
  const { config, paths, addon } = context;
  const store = await openSessionStore({
    run: join(config.run, "sessions"),
    containers: paths.containers,
    removeTree: addon.removeTree,
  });
  const tickets = createTickets();
  const sessions = createSessions(store, tickets);
  const shares = await openShares(join(config.run, "shares.json"));
  const execs = createExecs(context, store, sessions);
  await execs.recover();
  return { store, sessions, execs, shares, tickets };
}
