import type { Operation } from "../../lib/contract/operation.ts";
import { fail, type ProblemError } from "../../lib/contract/problem.ts";
import { type Context, cgroupPath } from "../context.ts";
import { hasCode } from "../state/files.ts";
import type { ContainerRecord } from "../state/record.ts";
import { accept, notRunning, type Outcome, requireLive } from "./outcome.ts";

type Pause = Extract<Operation, { verb: "pause" | "resume" }>;

/** Freezes every process of a container; one that is frozen stays so. Throws container-not-running, not-supported. */
export async function pauseContainer(context: Context, operation: Pause, known?: ContainerRecord): Promise<Outcome> {
  const before = requireLive(known, operation.containerId);
  if (before.status.state === "paused") return { record: before, change: {} };
  if (before.status.state !== "running") throw notRunning(before);
  const record = await accept(context, before, operation);
  await freeze(context, record, true);
  return { record, change: { status: { state: "paused" }, action: "paused" } };
}

/** Lets a frozen container go on; one that runs goes on running. Throws container-not-running. */
export async function resumeContainer(context: Context, operation: Pause, known?: ContainerRecord): Promise<Outcome> {
  const before = requireLive(known, operation.containerId);
  if (before.status.state === "running") return { record: before, change: {} };
  if (before.status.state !== "paused") throw notRunning(before);
  const record = await accept(context, before, operation);
  await freeze(context, record, false);
  return { record, change: { status: { state: "running" }, action: "resumed" } };
}

/** Freezes a container's processes or lets them go on. Throws container-not-running, not-supported. */
export async function freeze(context: Context, record: ContainerRecord, frozen: boolean): Promise<void> {
  try {
    await context.addon.cgroupFreeze(cgroupPath(context, record.id), frozen);
  } catch (error) {
    throw explain(error, record);
  }
}

function explain(error: unknown, record: ContainerRecord): unknown {
  const { name } = record.spec;
  if (hasCode(error, "ENOENT", "ENODEV")) {
    return fail("container-not-running", "The container does not run", `${name} has just ended.`, {
      remedy: "Start it first.",
    });
  }
  if (hasCode(error, "EOPNOTSUPP")) return notSupported(name);
  if (!hasCode(error, "ETIMEDOUT")) return error;
  return fail("internal", "The container could not be paused", `The kernel did not freeze all processes of ${name}.`, {
    remedy: "A process in uninterruptible sleep (state D in ps) waits for a device. Look into dmesg, then try again.",
  });
}

function notSupported(name: string): ProblemError {
  return fail("not-supported", "This host can't pause containers", `${name}: the kernel offers no freezer.`, {
    remedy: "Mount the freezer controller of cgroup v1, or boot with cgroup v2 (Linux 5.2 or later).",
  });
}
