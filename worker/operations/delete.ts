import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Operation } from "../../lib/contract/operation.ts";
import { fail } from "../../lib/contract/problem.ts";
import { type Context, cgroupPath, runFolder } from "../context.ts";
import { endedStatus, killRun, untilShimGone } from "../engine/end-run.ts";
import { hasCode } from "../state/files.ts";
import type { ContainerRecord } from "../state/record.ts";
import { accept, isRunning, type Outcome, requireLive } from "./outcome.ts";

type Delete = Extract<Operation, { verb: "delete" }>;

/** A deleted container's viewers have this long, in milliseconds, to read the rest. */
const lastWords = 500;

/**
 * Deletes a container and all its files but the record, which answers for its operations for a day.
 * Throws container-running for one that runs, unless forced. Begun again after a crash it goes on.
 */
export async function deleteContainer(context: Context, operation: Delete, known?: ContainerRecord): Promise<Outcome> {
  let record = requireLive(known, operation.containerId);
  if (!operation.arguments.force && (isRunning(record) || record.status.state === "restarting")) {
    const words = `${record.spec.name} is ${record.status.state} and can't be deleted.`;
    throw fail("container-running", "The container is running", words, {
      remedy: "Stop it first, or delete it with force.",
    });
  }
  if (isRunning(record)) {
    const ending = await killRun(context, record);
    context.runs.delete(record.id);
    const status = { ...record.status, ...endedStatus(ending, new Date().toISOString()) };
    record = { ...record, status };
  }
  record = await accept(context, record, operation);
  await untilShimGone(context, record, lastWords);
  await context.addon.cgroupKill(cgroupPath(context, record.id));
  await removeFiles(context, record.id);
  return { record, change: { fields: { deletedAt: new Date().toISOString() }, action: "deleted" } };
}

/** Removes everything of a container but its record. */
export async function removeFiles(context: Context, id: string): Promise<void> {
  const folder = context.records.folder(id);
  for (const name of await readdir(folder)) {
    if (name !== "record.json") await context.addon.removeTree(join(folder, name));
  }
  await removeIfThere(context, runFolder(context, id));
}

/** Removes a folder; one that is not there is as good. */
export async function removeIfThere(context: Context, path: string): Promise<void> {
  await context.addon.removeTree(path).catch((error) => {
    if (!hasCode(error, "ENOENT")) throw error;
  });
}
