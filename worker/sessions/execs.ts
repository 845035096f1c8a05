import { randomUUID } from "node:crypto";
import { mkdir, readdir } from "node:fs/promises";
import { constants } from "node:os";
import { basename, dirname, join } from "node:path";
import { fail, ProblemError } from "../../lib/contract/problem.ts";
import { within } from "../../lib/within.ts";
import type { Context } from "../context.ts";
import { requireIds } from "../engine/container-ids.ts";
import { type ExitFile, PidFile, readReport } from "../engine/report.ts";
import { resolveUser, textReader } from "../engine/resolve-user.ts";
import { type ShimWatch, watchShim } from "../engine/shim.ts";
import { withRoot } from "../files/container-root.ts";
import { isRunning, notRunning } from "../operations/outcome.ts";
import { readJson } from "../state/files.ts";
import type { ContainerRecord, ProcessIdentity } from "../state/record.ts";
import { BundleProcess, type ExecOptions, makeExecProcess } from "./exec-process.ts";
import type { SessionStore } from "./session-store.ts";
import type { Sessions } from "./sessions.ts";
import { bestShell } from "./shells.ts";
import type { ExecSession, SessionEnd, StoredSession } from "./stored-session.ts";

/** Commands that may run in one container at a time, beside its own. */
const mostRunning = 64;
/** Ended ones whose output is kept. */
const keptEnded = 20;
/** How long a command may take to end when its terminal is hung up, in milliseconds, before it is killed. */
const hangUpPatience = 2000;
const killPatience = 5000;

/** Further commands in containers: sessions whose terminal is a shim's of their own. */
export interface Execs {
  /** Executes a command. Throws container-not-running, container-paused, command-not-found, … as a start does. */
  start(record: ContainerRecord, principal: string, options: ExecOptions): Promise<ExecSession>;
  /** Ends a command as its terminal's closing would: SIGHUP, and SIGKILL after 2 s. */
  hangUp(session: ExecSession): Promise<void>;
  /** The session once its command has ended; the promise of an ended one resolves at once. */
  untilEnded(session: ExecSession): Promise<SessionEnd | null>;
  /** Finds the commands again that an earlier worker started. */
  recover(): Promise<void>;
}

export function createExecs(context: Context, store: SessionStore, sessions: Sessions): Execs {
  const { addon, lanes, log } = context;
  const runs = new Map<string, { watch: ShimWatch; ended: Promise<SessionEnd> }>();

  const follow = (session: ExecSession, shim: ProcessIdentity): void => {
    const watch = watchShim(addon, shim, store.runFolder(session.id));
    const ended = watch.ended.then(({ exit }) => {
      if (!exit) killLeftover(session);
      const end = exit ? endOf(exit) : lostEnd("shim-died");
      store.remember({ ...session, end });
      runs.delete(session.id);
      return end;
    });
    runs.set(session.id, { watch, ended });
    // exit.json stays until what it says is written down, and the shim for a moment, for clients that still read.
    Promise.all([ended.then((end) => finish({ ...session, end })), addon.watchProcess(shim.pid, shim.startTime)])
      .then(() => addon.removeTree(store.runFolder(session.id)))
      .catch((error) => log.error({ session: session.id, err: error }, "the end of a session was not written down"));
  };

  /** It was to die with its shim (PR_SET_PDEATHSIG), but a process can take that back. */
  const killLeftover = ({ process: known }: ExecSession) => {
    if (known && addon.processStartTime(known.pid) === known.startTime) process.kill(known.pid, "SIGKILL");
  };

  const finish = async (session: ExecSession) => {
    // In the container's lane, so that nothing is written to a folder that is being removed.
    await lanes.run(session.containerId, () => store.update(session));
    const ended = sessions.of(session.containerId).filter((one) => isExec(one) && one.end !== null);
    for (const old of ended.slice(0, -keptEnded)) await sessions.remove(old);
  };

  const launch = async (session: ExecSession, process: object): Promise<ExecSession> => {
    const [state, run] = [store.stateFolder(session), store.runFolder(session.id)];
    const record = requireReady(context, session.containerId);
    const path = join(state, "process.json");
    await mkdir(run, { mode: 0o700 });
    await addon.replaceFile(path, JSON.stringify(process, null, 2), false);
    const { pid, startTime, report } = await addon.spawnShim({
      binary: context.installation.shim,
      args: [
        ...["--id", session.id, "--state", state, "--run", run, "--cache", context.paths.cache],
        ...["--bundle", join(context.records.folder(record.id), "bundle"), "--process", path],
        ...["--target-pid", String(record.status.pid), "--target-start-time", record.startTime ?? ""],
        ...["--log-max-bytes", String(8 * 1024 * 1024), "--log-files", "2"],
      ],
    });
    const answer = readReport(report, "The command did not start");
    if ("problem" in answer) throw new ProblemError(answer.problem);
    const { started } = answer;
    const shim = { pid, startTime };
    const running = { ...session, shim, process: { pid: started.pid, startTime: started.startTime } };
    await store.update(running);
    follow(running, shim);
    return running;
  };

  const recoverOne = async (session: ExecSession): Promise<void> => {
    if (session.end) return;
    if (session.bootId !== context.bootId) return finish({ ...session, end: lostEnd("host-rebooted") });
    if (session.shim) return follow(session, session.shim);
    // The worker ended in the middle of its start: without a pid.json that did not come to pass.
    const found = await readJson(join(store.runFolder(session.id), "pid.json"), PidFile).catch(() => null);
    if (!found || found.bootId !== context.bootId) return sessions.remove(session);
    const shim = { pid: found.shimPid, startTime: found.shimStartTime };
    const running = { ...session, shim, process: { pid: found.pid, startTime: found.startTime } };
    await store.update(running);
    follow(running, shim);
  };

  /** A shim whose session is not known any more: without it, its command ends too. */
  const endStray = async (folder: string): Promise<void> => {
    const found = await readJson(join(folder, "pid.json"), PidFile).catch(() => null);
    if (found && addon.processStartTime(found.shimPid) === found.shimStartTime) process.kill(found.shimPid, "SIGKILL");
    await addon.removeTree(folder);
  };

  return {
    async start(known, principal, options) {
      requireReady(context, known.id);
      return lanes.run(known.id, async () => {
        const record = requireReady(context, known.id);
        const running = sessions.of(record.id).filter((one) => isExec(one) && one.end === null);
        if (running.length >= mostRunning) throw tooMany(record);
        const { command, user } = await resolveOptions(context, record.id, options);
        const bundle = await readJson(join(context.records.folder(record.id), "bundle/config.json"), BundleProcess);
        if (!bundle) throw fail("invalid-bundle", "The container's bundle is gone", `${record.id} has no config.json.`);
        const process = makeExecProcess(bundle, options, command, user);
        const session: ExecSession = {
          ...{ id: randomUUID(), containerId: record.id, principal, mode: "exec", command, tty: options.tty },
          ...{ cols: options.cols, rows: options.rows, createdAt: new Date().toISOString() },
          ...{ bootId: context.bootId, shim: null, process: null, end: null },
        };
        await store.create(session);
        try {
          return await launch(session, process);
        } catch (error) {
          await sessions.remove(session);
          throw error;
        }
      });
    },
    async hangUp(session) {
      const run = runs.get(session.id);
      if (!run) return;
      await run.watch.signal(constants.signals.SIGHUP, session.tty ? "terminal" : "all");
      if (await within(run.ended, hangUpPatience)) return;
      await run.watch.signal(constants.signals.SIGKILL, "all");
      await within(run.ended, killPatience);
    },
    untilEnded: async ({ id }) => {
      const now = store.get(id);
      return runs.get(id)?.ended ?? (now && isExec(now) ? now.end : null);
    },
    async recover() {
      for (const session of store.all()) if (isExec(session)) await recoverOne(session);
      const run = dirname(store.runFolder("x"));
      for (const name of await readdir(run)) {
        if (!name.endsWith(".json") && !store.get(basename(name))) await endStray(join(run, name));
      }
    },
  };
}

/** The command and the user of an exec, by what the container has. Throws shell-not-found, user-not-found. */
async function resolveOptions(context: Context, id: string, { command, user }: ExecOptions) {
  if (command && user === undefined) return { command, user: null };
  const { addon } = context;
  const ids = context.records.get(id)?.idRange ?? null;
  return withRoot(context, id, "read", async (root) => ({
    command: command ?? [await bestShell(addon, root)],
    user: user === undefined ? null : requireIds(ids, await resolveUser(textReader(addon, root), user)),
  }));
}

function requireReady(context: Context, id: string): ContainerRecord & { status: { pid: number } } {
  const record = context.records.find(id);
  if (!record) throw fail("container-not-found", "No such container", `There is no container ${id} on this node.`);
  const { spec, status } = record;
  if (status.state === "paused") {
    throw fail("container-paused", "The container is paused", `${spec.name} is frozen: no command can run in it.`, {
      remedy: "Resume it first.",
    });
  }
  if (!isRunning(record) || status.pid === null) throw notRunning(record);
  return { ...record, status: { ...status, pid: status.pid } };
}

function tooMany({ spec }: ContainerRecord): ProblemError {
  const words = `${mostRunning} commands run in ${spec.name} beside its own.`;
  return fail("too-many-requests", "Too many commands run in the container", words, { remedy: "End some of them." });
}

function isExec(session: StoredSession): session is ExecSession {
  return session.mode === "exec";
}

function endOf({ exitCode, signal, reason, oomKills, finishedAt }: ExitFile): SessionEnd {
  return { exitCode, signal, reason, oomKills, finishedAt };
}

function lostEnd(reason: "shim-died" | "host-rebooted"): SessionEnd {
  return { exitCode: null, signal: null, reason, oomKills: 0, finishedAt: new Date().toISOString() };
}
