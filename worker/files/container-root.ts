import { close } from "node:fs";
import { join } from "node:path";
import { fail } from "../../lib/contract/problem.ts";
import type { Context } from "../context.ts";
import { requireLive } from "../operations/outcome.ts";
import { hasCode } from "../state/files.ts";
import type { ContainerRecord, ProcessIdentity } from "../state/record.ts";
import { type ContainerFiles, containerFiles } from "./container-files.ts";

/** Read-only views of a stopped container stand beside anything; one that is written to stands alone. */
export type Access = "read" | "write";

const neverAborted = new AbortController().signal;

/**
 * Calls `work` with a descriptor of the container's root directory, and with the calls to be used on it: that of its first process with all its mounts, or,
 * when none runs, its layers alone. What writes to a stopped container takes its turn among the operations on it, so
 * that it never starts on layers that are being written to; and what writes to one that runs has to stop before the next
 * run mounts its layers anew, which `signal` says. Throws container-not-running when it ends just now.
 */
export function withRoot<T>(
  context: Context,
  id: string,
  access: Access,
  work: (root: number, files: ContainerFiles, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const view = async () => {
    const record = requireLive(context.records.get(id), id);
    const files = containerFiles(context.addon, record.idRange);
    const writer = access === "write" ? context.writers.begin(id) : null;
    try {
      return await using(await openRoot(context, record, access), (root) =>
        work(root, files, writer?.signal ?? neverAborted),
      );
    } finally {
      writer?.done();
    }
  };
  const record = requireLive(context.records.get(id), id);
  return access === "read" || firstProcess(context, record) ? view() : context.lanes.run(id, view);
}

/** A running container's first process; null when there is none in this boot. */
export function firstProcess(context: Context, { status, startTime, bootId }: ContainerRecord): ProcessIdentity | null {
  if (status.pid === null || startTime === null || bootId !== context.bootId) return null;
  return { pid: status.pid, startTime };
}

async function openRoot(context: Context, record: ContainerRecord, access: Access): Promise<number> {
  const process = firstProcess(context, record);
  if (!process) return openLayers(context, record, access);
  try {
    return await context.addon.openProcessRoot(process.pid, process.startTime);
  } catch (error) {
    if (!hasCode(error, "ESRCH")) throw error;
    if (access === "read") return openLayers(context, record, access);
    throw fail("container-not-running", "The container has just ended", `${record.spec.name} ended a moment ago.`, {
      remedy: "Try again: its files can be changed while it does not run, too.",
    });
  }
}

function openLayers(context: Context, record: ContainerRecord, access: Access): Promise<number> {
  if (record.lower === null) throw new Error(`the record of ${record.id} names no lower layer`);
  if (access === "write" && record.spec.readOnly) {
    throw fail("read-only", "The container is read-only", `${record.spec.name} was made with a read-only root.`, {
      remedy: "Change its settings while it does not run, or write to one of its binds while it does.",
    });
  }
  const folder = context.records.folder(record.id);
  return context.addon.openOverlayRoot({
    lower: [record.lower],
    upper: join(folder, "upper"),
    work: access === "write" ? join(folder, "work") : null,
    ids: record.idRange,
  });
}

/** Calls `work` with a descriptor and closes it. */
export async function using<T>(fd: number, work: (fd: number) => Promise<T>): Promise<T> {
  try {
    return await work(fd);
  } finally {
    close(fd);
  }
}
