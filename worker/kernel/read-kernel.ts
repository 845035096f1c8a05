import { join } from "node:path";
import { type KernelPart, type KernelView, kernelParts } from "../../lib/contract/kernel.ts";
import { fail } from "../../lib/contract/problem.ts";
import { type Context, cgroupPath } from "../context.ts";
import { firstProcess } from "../files/container-root.ts";
import { notRunning } from "../operations/outcome.ts";
import { hasCode } from "../state/files.ts";
import type { ContainerRecord } from "../state/record.ts";

/** What the kernel holds for a running container now: nothing of it is kept. Throws container-not-running. */
export async function readKernel(
  context: Context,
  record: ContainerRecord,
  parts?: readonly KernelPart[],
): Promise<KernelView> {
  return JSON.parse(await readKernelText(context, record, parts));
}

/** The same as JSON, as the addon wrote it: to parse it and to write it again would cost as much as to read it. */
export async function readKernelText(
  context: Context,
  record: ContainerRecord,
  parts: readonly KernelPart[] = kernelParts,
): Promise<string> {
  const process = firstProcess(context, record);
  if (!process) throw notRunning(record);
  const target = {
    ...process,
    cgroup: cgroupPath(context, record.id),
    bundle: bundleOf(context, record),
    cache: context.paths.cache,
    lower: record.lower,
    parts,
  };
  try {
    const state = await context.addon.readKernel(target);
    const at = new Date().toISOString();
    const { id, spec, status } = record;
    const head = { containerId: id, name: spec.name, at, state: status.state, pid: process.pid };
    return `${JSON.stringify(head).slice(0, -1)},${state.slice(1)}`;
  } catch (error) {
    if (!hasCode(error, "ESRCH")) throw error;
    throw fail("container-not-running", "The container has just ended", `${record.spec.name} ended a moment ago.`, {
      remedy: "Start it again to see what the kernel holds for it.",
    });
  }
}

/** The folder of the container's config.json. */
export function bundleOf(context: Context, { id }: ContainerRecord): string {
  return join(context.records.folder(id), "bundle");
}
