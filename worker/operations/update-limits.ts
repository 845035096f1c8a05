import type { Limits } from "../../lib/contract/container.ts";
import { fail } from "../../lib/contract/problem.ts";
import { type Context, cgroupPath } from "../context.ts";
import { cpuQuota } from "../engine/bundle.ts";
import { hasCode } from "../state/files.ts";
import type { ContainerRecord } from "../state/record.ts";

/** Writes other limits for a container that runs. Throws limit-too-small, limit-not-enforceable, container-not-running. */
export async function updateLimits(context: Context, record: ContainerRecord, limits: Limits): Promise<void> {
  const { memoryBytes, cpus, pids } = limits;
  const before = record.spec.limits;
  try {
    await context.addon.cgroupUpdate(cgroupPath(context, record.id), {
      ...(memoryBytes !== before.memoryBytes && { memoryBytes }),
      ...(cpus !== before.cpus && { cpuQuotaUs: cpuQuota(limits) }),
      ...(pids !== before.pids && { pids }),
    });
  } catch (error) {
    throw explain(error, record, limits);
  }
}

function explain(error: unknown, { spec }: ContainerRecord, limits: Limits): unknown {
  const words = error instanceof Error ? error.message : String(error);
  if (hasCode(error, "EBUSY", "EINVAL", "ENOMEM")) {
    const isMemory = words.includes("memory.");
    const why = isMemory
      ? `more than ${limits.memoryBytes} bytes of memory are in use and can't be reclaimed`
      : "the kernel takes no such limit";
    return fail("limit-too-small", "A limit is too small", `${spec.name}: ${why}. ${words}.`, {
      remedy: isMemory ? "Choose a higher limit, or restart the container with it." : "Choose another limit.",
      errors: [{ path: isMemory ? "limits.memoryBytes" : "limits", message: "is too small" }],
    });
  }
  if (hasCode(error, "EOPNOTSUPP")) {
    return fail("limit-not-enforceable", "A limit can't be enforced on this host", `${spec.name}: ${words}.`);
  }
  if (!hasCode(error, "ENOENT", "ENODEV")) return error;
  return fail("container-not-running", "The container does not run", `${spec.name} has just ended.`, {
    remedy: "Ask again: its limits then hold from the next start.",
  });
}
