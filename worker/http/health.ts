import type { WorkerHealth } from "../../lib/contract/health.ts";
import type { Context } from "../context.ts";
import { isRunning } from "../operations/outcome.ts";
import type { Services } from "./routes.ts";

/** What the worker says of itself and of this host. */
export function readHealth(context: Context, { database, startedAt }: Services): WorkerHealth {
  const live = context.records.live();
  const { kernel, cgroup } = context.addon.probe();
  return {
    version: context.installation.version,
    node: context.config.node,
    startedAt,
    containers: live.length,
    running: live.filter(isRunning).length,
    outbox: context.outbox.size(),
    database: database.status(),
    kernel,
    cgroupVersion: cgroup.version,
  };
}
