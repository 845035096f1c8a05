import type { Logger } from "pino";
import type { Config, paths } from "../lib/config.ts";
import type { RecentResults } from "../lib/recent-results.ts";
import type { KeptAccess } from "./access/access.ts";
import type { Addon } from "./addon/addon.ts";
import type { IdRanges } from "./engine/id-ranges.ts";
import type { Runs } from "./engine/runs.ts";
import type { Writers } from "./files/writers.ts";
import type { Images } from "./images/images.ts";
import type { Installation } from "./installation.ts";
import type { Labs } from "./labs/labs.ts";
import type { Readers } from "./sessions/readers.ts";
import type { Activity } from "./state/activity.ts";
import type { Events } from "./state/events.ts";
import type { Lanes } from "./state/lanes.ts";
import type { Outbox } from "./state/outbox.ts";
import type { Records } from "./state/records.ts";
import type { History } from "./stats/history.ts";

/** What every part of the worker works with; made once, in main.ts. */
export interface Context {
  config: Config;
  paths: ReturnType<typeof paths>;
  installation: Installation;
  log: Logger;
  addon: Addon;
  bootId: string;
  records: Records;
  outbox: Outbox;
  /** Operations that have failed and left no record. */
  failures: RecentResults;
  events: Events;
  activity: Activity;
  lanes: Lanes;
  images: Images;
  idRanges: IdRanges;
  runs: Runs;
  writers: Writers;
  /** Whom a container that removes itself waits for. */
  readers: Readers;
  history: History;
  labs: Labs;
  access: KeptAccess;
}

/** RUN/containers/ID: the shim's socket, process and exit status. */
export function runFolder(context: Context, id: string): string {
  return `${context.paths.runContainers}/${id}`;
}

/** The container's cgroup, below every controller's mount point. */
export function cgroupPath(context: Context, id: string): string {
  return `/${context.config.cgroup}/${id}`;
}
