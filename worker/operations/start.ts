import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Operation, OperationProgress } from "../../lib/contract/operation.ts";
import { fail } from "../../lib/contract/problem.ts";
import { type Context, cgroupPath, runFolder } from "../context.ts";
import { untilShimGone } from "../engine/end-run.ts";
import { readReport } from "../engine/report.ts";
import type { ContainerRecord } from "../state/record.ts";
import { commit, traceFiles } from "./commit.ts";
import { writeBundle } from "./create.ts";
import { isRunning, type Outcome, requireLive } from "./outcome.ts";
import { restartPolicy } from "./own-operations.ts";

type Start = Extract<Operation, { verb: "start" | "restart" }>;

/** A shim of the run before stays at most 5 s for clients that still read; then it is ended. */
const lingerPatience = 6000;

/** Starts a container; one that runs stays as it is, one that is paused is refused. The outcome has the problem when the shim could not start it. */
export async function startContainer(context: Context, operation: Start, known?: ContainerRecord): Promise<Outcome> {
  const before = requireLive(known, operation.containerId);
  if (before.status.state === "paused") {
    throw fail("container-paused", "The container is paused", `${before.spec.name} runs, and is frozen.`, {
      remedy: "Resume it.",
    });
  }
  if (isRunning(before)) return { record: before, change: {} };
  await Promise.all([untilShimGone(context, before, lingerPatience), context.writers.end(before.id)]);
  const report = (progress: OperationProgress) => context.activity.report(operation.id, progress);
  const lower = await context.images.resolve(before.spec.image, before.lower, report);
  clearRun(context, before.id);
  const missing = await writeBundle(context, before, lower);
  const isAgain = operation.principal === restartPolicy;
  // From here on a pid.json tells that this start came to pass, and its absence that it did not.
  const record = await commit(
    context,
    before,
    {
      fields: {
        ...{ current: operation, lower, run: operation.id, bootId: context.bootId, shim: null, startTime: null },
        ...{ endWanted: false, quickEnds: isAgain ? before.quickEnds : 0 },
      },
      status: {
        state: "starting",
        restartCount: isAgain ? before.status.restartCount + 1 : 0,
        nextStartAt: null,
      },
      action: "starting",
    },
    { durable: false },
  );
  return launch(context, record, missing);
}

/** `missing` is what it was known to do without before it started. */
async function launch(
  context: Context,
  record: ContainerRecord,
  missing: ContainerRecord["status"]["missing"],
): Promise<Outcome> {
  const folder = context.records.folder(record.id);
  const { pid, startTime, report } = await context.addon.spawnShim({
    binary: context.installation.shim,
    args: [
      ...["--id", record.id],
      ...["--bundle", join(folder, "bundle")],
      ...["--state", folder],
      ...["--run", runFolder(context, record.id)],
      ...["--cache", context.paths.cache],
    ],
  });
  const answer = readReport(report);
  if ("problem" in answer) {
    await context.addon.cgroupKill(cgroupPath(context, record.id));
    const { problem } = answer;
    return { record, change: { status: { state: beforeStart(record) }, action: "start-failed" }, problem };
  }
  const { started } = answer;
  return {
    record,
    change: {
      fields: { shim: { pid, startTime }, startTime: started.startTime },
      status: startedStatus(started.pid, started.startedAt, [...missing, ...started.missing]),
      action: "started",
    },
  };
}

/** Takes away what the run before has left (a few files), and makes the folder for the next one. */
function clearRun(context: Context, id: string): void {
  const run = runFolder(context, id);
  rmSync(run, { recursive: true, force: true });
  mkdirSync(run, { recursive: true, mode: 0o700 });
  rmSync(join(context.records.folder(id), traceFiles.start), { force: true });
}

/** What the record says once the program runs. */
export function startedStatus(pid: number | null, startedAt: string, missing: ContainerRecord["status"]["missing"]) {
  return {
    state: "running",
    pid,
    startedAt,
    missing,
    finishedAt: null,
    exitCode: null,
    signal: null,
    reason: null,
    oomKills: 0,
  } as const;
}

/** The state of a container whose start did not come to pass. */
export function beforeStart({ status }: ContainerRecord): "created" | "exited" | "lost" {
  if (status.startedAt === null) return "created";
  return status.reason === "shim-died" || status.reason === "host-rebooted" ? "lost" : "exited";
}
