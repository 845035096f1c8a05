import { join } from "node:path";
import { fail } from "../../lib/contract/problem.ts";
import type { Exit } from "../../lib/contract/terminal.ts";
import { within } from "../../lib/within.ts";
import { type Context, runFolder } from "../context.ts";
import { isRunning } from "../operations/outcome.ts";
import type { ContainerRecord } from "../state/record.ts";
import type { Execs } from "./execs.ts";
import type { SessionStore } from "./session-store.ts";
import type { ExecSession, StoredSession } from "./stored-session.ts";
import { untilEnded } from "./until-ended.ts";

/** How long an end may take to be known that a broken stream has told already, in milliseconds. */
const endPatience = 3000;

/** What a session's streams are about: a shim as long as it runs, then its log. */
export interface Terminal {
  /** What people call it. */
  name: string;
  tty: boolean;
  /** shim.sock */
  socket: string;
  /** The folder of its output.log. */
  log: string;
  /** How it ended; null while it runs. */
  end(): Exit | null;
  /** Waits a moment for the end to be known; null when it isn't, or when it was deleted. */
  untilEnded(): Promise<Exit | null>;
}

/** The terminal of a session. Throws container-not-found, and container-not-running for a container that never ran. */
export function openTerminal(
  context: Context,
  { store, execs }: { store: SessionStore; execs: Execs },
  session: StoredSession,
): Promise<Terminal> {
  if (session.mode === "exec") return openCommand(store, execs, session);
  const lab = context.labs.terminal(session.containerId);
  return lab ? Promise.resolve(lab) : openContainer(context, session.containerId);
}

async function openCommand(store: SessionStore, execs: Execs, session: ExecSession): Promise<Terminal> {
  const now = () => {
    const known = store.get(session.id);
    return known?.mode === "exec" ? known.end : null;
  };
  return {
    name: session.command.join(" "),
    tty: session.tty,
    socket: join(store.runFolder(session.id), "shim.sock"),
    log: store.stateFolder(session),
    end: now,
    untilEnded: async () => within(execs.untilEnded(session), endPatience),
  };
}

/** The container's own terminal; that of one that is being started, once that is done. */
async function openContainer(context: Context, id: string): Promise<Terminal> {
  const starting = context.records.find(id)?.status.state === "starting";
  if (starting) await context.lanes.run(id, async () => {});
  const record = context.records.find(id);
  if (!record) throw fail("container-not-found", "No such container", "The session's container was deleted.");
  const { spec, status } = record;
  if (!isRunning(record) && status.startedAt === null) {
    throw fail("container-not-running", "The container does not run", `${spec.name} was never started.`, {
      remedy: "Start it: its terminal opens with it.",
    });
  }
  return {
    name: spec.name,
    tty: spec.tty,
    socket: join(runFolder(context, id), "shim.sock"),
    log: context.records.folder(id),
    end: () => endOf(context.records.find(id) ?? record),
    async untilEnded() {
      const ended = await untilEnded(context, id);
      return ended && endOf(ended);
    },
  };
}

/** How a container ended, as its shim tells it; without a code when it was lost. */
function endOf(record: ContainerRecord): Exit | null {
  if (isRunning(record)) return null;
  const { exitCode, signal, reason, oomKills } = record.status;
  return { exitCode, signal, reason: reason ?? "exited", oomKills };
}
