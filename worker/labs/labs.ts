import { randomUUID } from "node:crypto";
import { chown, mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { LabRun } from "../../lib/contract/lab.ts";
import { fail, ProblemError } from "../../lib/contract/problem.ts";
import type { Exit } from "../../lib/contract/terminal.ts";
import type { Lab } from "../../lib/labs/lab.ts";
import { findLab } from "../../lib/labs/labs.ts";
import { within } from "../../lib/within.ts";
import type { Context } from "../context.ts";
import { makeFolders } from "../engine/host-files.ts";
import { readReport } from "../engine/report.ts";
import { type ShimWatch, watchShim } from "../engine/shim.ts";
import type { Terminal } from "../sessions/terminals.ts";
import { labIds, makeLabBundle } from "./lab-bundle.ts";
import { readLabState } from "./read-state.ts";

/** A run that nobody has asked after for this long is ended: its page was closed. */
const unwatchedMs = 3 * 60_000;
const longestMs = 60 * 60_000;
const lookMs = 10_000;
const mostRuns = 8;
const endPatience = 5000;
/** So long a task's state must hold to count: a program's own first run passes through many for a moment. */
const lastsMs = 500;

/** A run of a lab, in memory alone: with the worker it ends. */
interface Run {
  id: string;
  lab: Lab;
  principal: string;
  pid: number;
  watch: ShimWatch;
  startedAt: number;
  askedAt: number;
  end: Exit | null;
  /** Since when each task's state holds, as far as somebody looked. */
  holdsSince: Map<string, number>;
  done: Set<string>;
}

/** The labs that people run: containers that no list shows, each of one person. */
export interface Labs {
  /** Removes what a worker before has left. */
  clear(): Promise<void>;
  /** Runs a lab; one that runs for this person already is answered as it is. Throws not-found, start-failed, … */
  start(name: string, principal: string): Promise<LabRun>;
  /** A person's run, with what the kernel says of its tasks. Throws not-found. */
  look(name: string, principal: string): Promise<LabRun>;
  /** Ends a person's run and removes all of it; none is as good. */
  end(name: string, principal: string): Promise<void>;
  endAll(): Promise<void>;
  /** What a terminal's streams are about, by the run's id; undefined for what is no lab's. */
  terminal(id: string): Terminal | undefined;
  /** A person's run for a session on its terminal. Throws not-found. */
  requireRun(name: string, principal: string): { id: string };
  onGone(listener: () => void): void;
}

type LabsContext = Pick<Context, "addon" | "config" | "paths" | "installation" | "images" | "log">;

export function createLabs(context: LabsContext): Labs {
  const { addon, config, log } = context;
  const runs = new Map<string, Run>();
  /** Starts that are under way, by person and lab. */
  const starting = new Map<string, Promise<Run>>();
  const gone = new Set<() => void>();
  const home = join(config.home, "labs");
  const sockets = join(config.run, "labs");
  const keyOf = (name: string, principal: string) => `${principal} ${name}`;
  const groupOf = (id: string) => `/${config.cgroup}/${id}`;

  const find = (name: string, principal: string) =>
    [...runs.values()].find((run) => run.lab.name === name && run.principal === principal);
  const require = (name: string, principal: string): Run => {
    const run = find(name, principal);
    if (run) return run;
    throw fail("not-found", "The lab does not run", `Nobody has started ${name} here.`, { remedy: "Run it first." });
  };

  const remove = async ({ id }: Run) => {
    runs.delete(id);
    await clean(id);
    for (const listener of gone) listener();
  };
  const clean = async (id: string) => {
    await addon.cgroupKill(groupOf(id));
    await addon.removeTree(join(home, id));
    await addon.removeTree(join(sockets, id));
  };
  const end = async (run: Run) => {
    await addon.cgroupKill(groupOf(run.id));
    await within(run.watch.ended, endPatience);
    await remove(run);
  };

  const launch = async (lab: Lab, principal: string): Promise<Run> => {
    const old = find(lab.name, principal);
    if (old) await end(old);
    const others = [...starting.keys()].filter((key) => key !== keyOf(lab.name, principal));
    if (runs.size + others.length >= mostRuns) throw tooMany();
    const id = randomUUID();
    try {
      const { shim, started } = await spawn(context, { id, lab, folder: join(home, id), run: join(sockets, id) });
      const watch = watchShim(addon, shim, join(sockets, id));
      const now = Date.now();
      const times = { startedAt: now, askedAt: now };
      const tasks = { holdsSince: new Map(), done: new Set<string>() };
      const run: Run = { id, lab, principal, pid: started.pid, watch, ...times, end: null, ...tasks };
      runs.set(id, run);
      void watch.ended.then(async ({ exit }) => {
        // What its program left behind goes with it.
        await addon.cgroupKill(groupOf(id)).catch(() => {});
        run.end = exit ?? { exitCode: null, signal: null, reason: "shim-died", oomKills: 0 };
      });
      return run;
    } catch (error) {
      await clean(id).catch((left) => log.error({ lab: lab.name, err: left }, "a lab's remains were not removed"));
      throw error;
    }
  };

  const describe = async (run: Run): Promise<LabRun> => {
    run.askedAt = Date.now();
    const state = run.end ? null : await readLabState(addon, groupOf(run.id), run.pid).catch(() => null);
    const tasks = run.lab.tasks.map(({ id, isDone }) => {
      const now = state !== null && isDone(state);
      if (lasts(run, id, now)) run.done.add(id);
      return { id, now, done: run.done.has(id) };
    });
    const startedAt = new Date(run.startedAt).toISOString();
    return { id: run.id, lab: run.lab.name, state: run.end ? "ended" : "running", startedAt, tasks };
  };

  const endForgotten = () => {
    const now = Date.now();
    for (const run of runs.values()) {
      if (now - run.askedAt < unwatchedMs && now - run.startedAt < longestMs) continue;
      end(run).catch((error) => log.error({ lab: run.lab.name, err: error }, "a lab was not ended"));
    }
  };
  setInterval(endForgotten, lookMs).unref();

  return {
    async clear() {
      await addon.removeTree(home);
      await addon.removeTree(sockets);
      await Promise.all([home, sockets].map((folder) => mkdir(folder, { recursive: true, mode: 0o700 })));
    },
    async start(name, principal) {
      const lab = requireLab(name);
      const known = find(name, principal);
      if (known && !known.end) return describe(known);
      const key = keyOf(name, principal);
      const begun = starting.get(key) ?? launch(lab, principal).finally(() => starting.delete(key));
      starting.set(key, begun);
      return describe(await begun);
    },
    look: async (name, principal) => describe(require(requireLab(name).name, principal)),
    async end(name, principal) {
      const run = find(requireLab(name).name, principal);
      if (run) await end(run);
    },
    async endAll() {
      await Promise.allSettled([...starting.values()]);
      await Promise.allSettled([...runs.values()].map(end));
    },
    terminal(id) {
      const run = runs.get(id);
      return run && terminalOf(run, join(home, id), join(sockets, id));
    },
    requireRun: (name, principal) => require(requireLab(name).name, principal),
    onGone: (listener) => void gone.add(listener),
  };
}

/** Whether a task's state, which `holds` or not at this look, has held since a look {@link lastsMs} ago. */
function lasts({ holdsSince }: Run, task: string, holds: boolean): boolean {
  if (!holds) holdsSince.delete(task);
  else if (!holdsSince.has(task)) holdsSince.set(task, Date.now());
  const since = holdsSince.get(task);
  return since !== undefined && Date.now() - since >= lastsMs;
}

interface Place {
  id: string;
  lab: Lab;
  /** HOME/labs/ID: bundle, layers and output. */
  folder: string;
  /** RUN/labs/ID: the shim's socket. */
  run: string;
}

async function spawn({ addon, config, paths, installation, images }: LabsContext, { id, lab, folder, run }: Place) {
  const lower = await images.resolve("host");
  await makeFolders(folder);
  await mkdir(run, { recursive: true, mode: 0o700 });
  // The root directory is the upper layer's, and belongs to the lab's root.
  await chown(join(folder, "upper"), labIds.start, labIds.start);
  const bundle = makeLabBundle({
    ...{ id, lab, lower, folder, cgroup: config.cgroup, seccomp: installation.seccomp },
    program: join(installation.labs.programs, `lab-${lab.name}`),
    source: join(installation.labs.sources, `${lab.name}.cc`),
  });
  await addon.replaceFile(join(folder, "bundle/config.json"), JSON.stringify(bundle, null, 2), false);
  const { pid, startTime, report } = await addon.spawnShim({
    binary: installation.shim,
    args: [
      ...["--id", id, "--bundle", join(folder, "bundle"), "--state", folder, "--run", run],
      ...["--cache", paths.cache, "--log-max-bytes", String(1024 * 1024), "--log-files", "2"],
    ],
  });
  const answer = readReport(report, "The lab did not start");
  if ("problem" in answer) throw new ProblemError(answer.problem);
  return { shim: { pid, startTime }, started: answer.started };
}

function terminalOf(run: Run, folder: string, sockets: string): Terminal {
  return {
    name: `lab ${run.lab.name}`,
    tty: true,
    socket: join(sockets, "shim.sock"),
    log: folder,
    end: () => run.end,
    async untilEnded() {
      await within(run.watch.ended, endPatience);
      return run.end;
    },
  };
}

function requireLab(name: string): Lab {
  const lab = findLab(name);
  if (lab) return lab;
  throw fail("not-found", "No such lab", `There is no lab ${JSON.stringify(name)}.`, { remedy: "GET /api/v1/labs." });
}

function tooMany(): ProblemError {
  return fail("too-many-requests", "Too many labs run", `${mostRuns} labs run on this node already.`, {
    remedy: "End one of them, or wait: a lab that nobody watches ends by itself.",
  });
}
