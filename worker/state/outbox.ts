import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { OutboxEntry } from "../../lib/store/outbox-entry.ts";
import { type FileWriter, readJson, syncFolder } from "./files.ts";
import { createGate } from "./gate.ts";

/** Changes that wait for the database: one file each, numbered in the order in which they happened. */
export interface Outbox {
  /** Puts an entry behind all others. With `durable` it is on the disk when the promise resolves. */
  append(entry: OutboxEntry, options: { durable: boolean }): Promise<void>;
  /** How many wait. */
  size(): number;
  /**
   * Gives every entry to `project`, oldest first, and removes it afterwards, until none is left; or, with a signal,
   * waits for more until that aborts.
   * Ends with the error of a `project` that rejects: that entry stays first. An entry that can't be read, or that
   * `project` answers "reject" for, is kept in the folder `rejected`.
   */
  drain(project: (entry: OutboxEntry) => Promise<"done" | "reject">, signal?: AbortSignal): Promise<void>;
  /** Lets nothing more into the database, and resolves when nothing is on its way, with how to go on. */
  pause(): Promise<() => void>;
}

interface Slot {
  path: string;
  /** What is in the file, unless an earlier process has written it, or too many wait. */
  entry: OutboxEntry | null;
  /** Resolves when the file is there: false when it could not be written. */
  written: Promise<boolean>;
}

/** So many entries are kept in memory beside their files. */
const keptEntries = 256;

const fileName = /^(\d{16})\.json$/;

/** Opens the folder, which is made when missing; entries of an earlier process keep their place. */
export async function openOutbox(folder: string, { replaceFile }: FileWriter): Promise<Outbox> {
  const rejected = join(folder, "rejected");
  await mkdir(rejected, { recursive: true, mode: 0o700 });
  const names = await readdir(folder);
  for (const name of names) if (name.endsWith(".tmp")) await rm(join(folder, name), { force: true });
  const present = names.filter((name) => fileName.test(name)).sort();
  const queue: Slot[] = present.map((name) => ({
    path: join(folder, name),
    entry: null,
    written: Promise.resolve(true),
  }));
  let last = Number(fileName.exec(present.at(-1) ?? "")?.[1] ?? 0);
  let wake = () => {};
  const gate = createGate();

  const next = async (signal?: AbortSignal): Promise<Slot | null> => {
    for (;;) {
      if (signal?.aborted) return null;
      const first = queue[0];
      if (first && (await first.written)) return first;
      if (first) queue.shift();
      else if (!signal) return null;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  };

  return {
    size: () => queue.length,
    async append(entry, options) {
      last += 1;
      const path = join(folder, `${String(last).padStart(16, "0")}.json`);
      const writing = replaceFile(path, JSON.stringify(entry), options.durable);
      queue.push({
        path,
        entry: queue.length < keptEntries ? entry : null,
        written: writing.then(
          () => true,
          () => false,
        ),
      });
      await writing;
      wake();
    },
    async drain(project, signal) {
      signal?.addEventListener("abort", () => wake(), { once: true });
      for (;;) {
        const slot = await next(signal);
        if (!slot) return;
        await gate.pass(async () => {
          const entry = slot.entry ?? (await readJson(slot.path, OutboxEntry).catch(() => null));
          const outcome = entry ? await project(entry) : "reject";
          // One who was still at it when the database went away, and one who has begun anew, may both have told of it.
          if (queue[0] !== slot) return;
          queue.shift();
          if (outcome === "done") await rm(slot.path, { force: true });
          else await rename(slot.path, join(rejected, slot.path.slice(folder.length + 1)));
          if (queue.length === 0) await syncFolder(folder);
        });
      }
    },
    pause: () => gate.close(),
  };
}
