import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ContainerId } from "../../lib/contract/container.ts";
import type { Operation } from "../../lib/contract/operation.ts";
import { type Context, cgroupPath, runFolder } from "../context.ts";
import { endedStatus } from "../engine/end-run.ts";
import { ExitFile, PidFile } from "../engine/report.ts";
import { type Change, commit, readTrace, startsRun } from "../operations/commit.ts";
import { removeFiles, removeIfThere } from "../operations/delete.ts";
import { closing, executeOwn, follow } from "../operations/execute.ts";
import { missingIds } from "../operations/outcome.ts";
import { endOfRun } from "../operations/restart-policy.ts";
import { beforeStart, startedStatus } from "../operations/start.ts";
import { readJson } from "../state/files.ts";
import type { ContainerRecord, Done, Status } from "../state/record.ts";
import { type Decision, decide, type Found } from "./decide.ts";
import { salvage } from "./salvage.ts";

/** Records of deleted containers answer for their operations this long. */
const keepDeleted = 24 * 60 * 60 * 1000;
/** A shim whose worker died while it was starting a container comes to the program, or not, within this time. */
const startPatience = 3000;

/**
 * Brings records, processes, cgroups and folders together again after this worker was away, for whatever reason.
 * Answers the operations that had been accepted and not finished: they are to be executed again.
 */
export async function reconcile(context: Context): Promise<Operation[]> {
  const { unknown, damaged } = await context.records.load();
  for (const { id, error } of damaged) {
    context.log.error({ container: id, err: error }, "record can't be read: the container counts as lost");
    await salvage(context, id, error);
  }
  for (const id of unknown) await removeRemains(context, id);
  const unfinished: Operation[] = [];
  for (const record of context.records.all()) {
    if (record.deletedAt !== null) {
      // Its removal may have been cut short.
      await removeFiles(context, record.id);
    } else {
      const operation = await reconcileRecord(context, record);
      if (operation) unfinished.push(operation);
    }
  }
  await forgetDeleted(context);
  await removeOrphans(context);
  return unfinished;
}

/** Executes what had been accepted, each in its container's lane, and then goes on with every container. */
export function resume(context: Context, operations: readonly Operation[]): void {
  for (const operation of operations) {
    context.log.info({ operation: operation.id, verb: operation.verb, container: operation.containerId }, "resuming");
    executeOwn(context, operation).catch((error) =>
      context.log.error({ operation: operation.id, err: error }, "not resumed"),
    );
  }
  for (const record of context.records.live()) follow(context, record);
}

async function reconcileRecord(context: Context, record: ContainerRecord): Promise<Operation | null> {
  const decision = decide(record, await look(context, record), context.bootId);
  const change = await changeFor(context, record, decision);
  const { current } = record;
  const isDone = current !== null && isDoneBy(current, decision, record);
  if (isDone) await finish(context, record, current, change);
  else if (change) await commit(context, record, change, { durable: true });
  if (decision.kind !== "running" && !record.damaged) await context.addon.cgroupKill(cgroupPath(context, record.id));
  return isDone ? null : current;
}

/** Whether what an unfinished operation was to do is done: to do it again would start, or miss, another run. */
function isDoneBy(operation: Operation, { kind }: Decision, { run }: ContainerRecord): boolean {
  const hasEnded = kind === "exited" || kind === "lost";
  if (startsRun(operation)) return run === operation.id && (hasEnded || kind === "running");
  return operation.verb === "kill" && hasEnded;
}

/** Removes the records of containers that were deleted long ago. */
export async function forgetDeleted(context: Context): Promise<void> {
  for (const { id, deletedAt } of context.records.all()) {
    if (deletedAt === null || Date.now() - Date.parse(deletedAt) < keepDeleted) continue;
    context.records.drop(id);
    await context.addon.removeTree(context.records.folder(id));
  }
}

async function look(context: Context, record: ContainerRecord): Promise<Found> {
  const folder = runFolder(context, record.id);
  const read = async () => ({
    pidFile: await readJson(join(folder, "pid.json"), PidFile).catch(() => null),
    exit: await readJson(join(folder, "exit.json"), ExitFile).catch(() => null),
  });
  let found = await read();
  const deadline = Date.now() + startPatience;
  while (
    record.status.state === "starting" &&
    record.bootId === context.bootId &&
    !found.pidFile &&
    Date.now() < deadline
  ) {
    if (!(await shimIsStarting(record.id))) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
    found = await read();
  }
  const { pidFile } = found;
  const shimAlive = pidFile !== null && context.addon.processStartTime(pidFile.shimPid) === pidFile.shimStartTime;
  // A shim that ended a moment ago wrote exit.json before it did.
  return { ...found, shimAlive, exit: shimAlive ? found.exit : (await read()).exit };
}

async function changeFor(context: Context, record: ContainerRecord, decision: Decision): Promise<Change | null> {
  const now = new Date().toISOString();
  switch (decision.kind) {
    case "settled":
      return null;
    case "running":
      return runningChange(context, record, decision.pidFile);
    case "exited": {
      const end = { ...(await begun(context, record, null)), ...endedStatus({ exit: decision.exit }, now) };
      return endOfRun(record, end, "exited");
    }
    case "lost": {
      const end = { ...(await begun(context, record, null)), ...endedStatus({ exit: null }, now) };
      return endOfRun(record, { ...end, reason: decision.reason }, "lost");
    }
    case "not-started":
      return { status: { state: beforeStart(record) } };
  }
}

async function runningChange(context: Context, record: ContainerRecord, pidFile: PidFile): Promise<Change | null> {
  const state = context.addon.cgroupIsFrozen(cgroupPath(context, record.id)) ? "paused" : "running";
  if (record.status.state === state) return null;
  return { fields: shimFields(pidFile), status: { ...(await begun(context, record, pidFile.pid)), state } };
}

function shimFields({ shimPid, shimStartTime, startTime }: PidFile): Change["fields"] {
  return { shim: { pid: shimPid, startTime: shimStartTime }, startTime };
}

/** The status of a run whose start, or whose stop, was cut short together with the worker. */
async function begun(context: Context, record: ContainerRecord, pid: number | null): Promise<Partial<Status>> {
  if (record.status.state !== "starting") return { state: "running" };
  const trace = await readTrace(context, record.id, "start");
  return { ...startedStatus(pid, trace?.startedAt ?? new Date().toISOString(), missingIds(record)) };
}

/** An operation whose worker died when it was done has succeeded: its answer is still owed, together with the change. */
function finish(
  context: Context,
  record: ContainerRecord,
  operation: Operation,
  found: Change | null,
): Promise<ContainerRecord> {
  const { requestedAt } = operation;
  const times = { startedAt: requestedAt, finishedAt: new Date().toISOString() };
  const done: Done = { operation, state: "succeeded", ...times, problem: null, status: null, revision: 0 };
  const isStarted = startsRun(operation) && found?.status?.state === "running";
  const change: Change = { ...found, ...(isStarted && { action: "started" }) };
  return commit(context, record, closing(operation, record, { change }), { durable: true, done });
}

/** Whether a shim for this container is between its spawn and its pid.json; it names itself after the container. */
async function shimIsStarting(id: string): Promise<boolean> {
  for (const pid of await readdir("/proc")) {
    if (!/^\d+$/.test(pid)) continue;
    const line = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (line.startsWith("minirun-shim") && line.includes(id.slice(0, 8))) return true;
  }
  return false;
}

/** Removes a container's folder that has no record: its creation never came to be, or its removal was cut short. */
async function removeRemains(context: Context, id: string): Promise<void> {
  context.log.info({ container: id }, "removing what is left of a container without a record");
  await context.addon.cgroupKill(cgroupPath(context, id));
  await context.addon.removeTree(context.records.folder(id));
  await removeIfThere(context, runFolder(context, id));
}

/** Removes cgroups and run directories that belong to no container. */
async function removeOrphans(context: Context): Promise<void> {
  const known = (id: string) => context.records.get(id)?.deletedAt === null;
  const orphans = (ids: string[]) => ids.filter((id) => ContainerId.safeParse(id).success && !known(id));
  for (const id of orphans(context.addon.cgroupList(`/${context.config.cgroup}`))) {
    await context.addon.cgroupKill(cgroupPath(context, id));
  }
  for (const id of orphans(await readdir(context.paths.runContainers)))
    await removeIfThere(context, runFolder(context, id));
}
