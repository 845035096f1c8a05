import { type FSWatcher, watch } from "node:fs";

/** Without the kernel's notices the folder is looked at this often, with them this often beside; in milliseconds. */
const pollInterval = 100;
const fallbackInterval = 300;

/** Waits for changes in a folder. */
export interface FolderWatch {
  /** Resolves when something changed since it was last asked, when some time has passed, or when the signal aborts. */
  changed(): Promise<void>;
  close(): void;
}

/** Watches a folder with inotify(7), or by the clock where the host has no watch left. */
export function watchFolder(folder: string, signal?: AbortSignal): FolderWatch {
  let dirty = false;
  let wake = () => {};
  const note = () => {
    dirty = true;
    wake();
  };
  const watcher = openWatcher(folder, note);
  signal?.addEventListener("abort", note);
  return {
    async changed() {
      if (!dirty && !signal?.aborted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, watcher ? fallbackInterval : pollInterval);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      dirty = false;
    },
    close() {
      signal?.removeEventListener("abort", note);
      watcher?.close();
    },
  };
}

function openWatcher(folder: string, note: () => void): FSWatcher | null {
  try {
    const watcher = watch(folder, note);
    watcher.on("error", note);
    return watcher;
  } catch {
    return null;
  }
}
