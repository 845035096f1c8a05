import { mkdir } from "node:fs/promises";
import type { Logger } from "pino";
import { type Config, paths } from "../lib/config.ts";
import { createRecentResults } from "../lib/recent-results.ts";
import { openAccess } from "./access/access.ts";
import { loadAddon } from "./addon/addon.ts";
import type { Context } from "./context.ts";
import { createIdRanges, rangeOnDisk } from "./engine/id-ranges.ts";
import { createRuns } from "./engine/runs.ts";
import { createWriters } from "./files/writers.ts";
import { createImages } from "./images/images.ts";
import type { Installation } from "./installation.ts";
import { createLabs } from "./labs/labs.ts";
import { createReaders } from "./sessions/readers.ts";
import { createActivity } from "./state/activity.ts";
import { createEvents } from "./state/events.ts";
import { readBootId } from "./state/identity.ts";
import { createLanes } from "./state/lanes.ts";
import { openOutbox } from "./state/outbox.ts";
import { createRecords } from "./state/records.ts";
import { createHistory } from "./stats/history.ts";

/** What a worker works with, on the folders of its configuration; those that are missing are made. */
export async function openContext(config: Config, installation: Installation, log: Logger): Promise<Context> {
  const all = paths(config);
  for (const folder of [all.containers, all.images, all.layers, all.cache, all.runContainers]) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  }
  const addon = loadAddon(installation.addon);
  const events = createEvents();
  const access = await openAccess(all.access, addon);
  access.onChange((now) => events.tell({ type: "access", access: now }));
  const images = createImages({ config, paths: all, log });
  const records = createRecords(all.containers, addon);
  return {
    config,
    paths: all,
    installation,
    log,
    addon,
    bootId: readBootId(),
    records,
    idRanges: createIdRanges(() =>
      records
        .all()
        .map((record) => (record.damaged ? { ...record, idRange: rangeOnDisk(records.folder(record.id)) } : record)),
    ),
    outbox: await openOutbox(all.outbox, addon),
    failures: createRecentResults(),
    events,
    activity: createActivity(events),
    lanes: createLanes(),
    images,
    runs: createRuns(),
    writers: createWriters(),
    readers: createReaders(),
    history: createHistory(),
    access,
    labs: createLabs({ addon, config, paths: all, installation, images, log }),
  };
}
