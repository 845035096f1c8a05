import { readFileSync, rmSync } from "node:fs";
import * as z from "zod";
import { type Config, paths } from "../../lib/config.ts";
import { isAlive, ProcessIdentity } from "./process-identity.ts";
import { writeWhole } from "./write-whole.ts";

export const partNames = ["database", "worker", "web"] as const;
export type PartName = (typeof partNames)[number];

/** How one supervised process is. `since` is when it came into this state, `restarts` counts since the supervisor began. */
export const PartState = z.object({
  state: z.enum(["starting", "running", "waiting", "stopped"]),
  process: ProcessIdentity.nullable(),
  since: z.iso.datetime(),
  restarts: z.int(),
  /** Why it ended or could not start, the last time. */
  reason: z.string().nullable(),
});
export type PartState = z.infer<typeof PartState>;

/** RUN/supervisor.json: what the supervisor says of itself and of its parts; also how the next one finds what still runs. */
export const SupervisorState = ProcessIdentity.extend({
  url: z.string(),
  version: z.string(),
  release: z.string(),
  startedAt: z.iso.datetime(),
  /** Absent with an outside database. */
  parts: z.partialRecord(z.enum(partNames), PartState),
});
export type SupervisorState = z.infer<typeof SupervisorState>;

export function writeState(config: Config, state: SupervisorState): void {
  writeWhole(paths(config).supervisor, `${JSON.stringify(state, null, 2)}\n`, 0o644);
}

/** What the last supervisor wrote; null when there is none, or nothing that can be read. */
export function readState(config: Config): SupervisorState | null {
  try {
    return SupervisorState.parse(JSON.parse(readFileSync(paths(config).supervisor, "utf8")));
  } catch {
    return null;
  }
}

export function removeState(config: Config): void {
  rmSync(paths(config).supervisor, { force: true });
}

/** The state of a supervisor that runs now, else null. */
export function runningSupervisor(config: Config): SupervisorState | null {
  const state = readState(config);
  return state && isAlive(state) ? state : null;
}
