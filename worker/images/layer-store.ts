import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { syncFolder } from "../state/files.ts";
import { runTool } from "./tools.ts";

/** Folders that are made once, each under the name of its content. */
export interface LayerStore {
  /** The path of the folder; one that is not there yet is filled first. Rejects with what `fill` rejects with. */
  get(name: string, fill: (folder: string) => Promise<void>): Promise<string>;
}

/** Opens a store in a folder, which is made when missing. Layers are filled one after the other. */
export function createLayerStore(root: string): LayerStore {
  let last: Promise<unknown> = Promise.resolve();
  const make = async (name: string, fill: (folder: string) => Promise<void>): Promise<string> => {
    const path = join(root, name);
    if (await isFolder(path)) return path;
    // Only root may come here: an archive's set-user-ID programs must not be within reach of the host's users.
    await mkdir(root, { recursive: true, mode: 0o700 });
    await removeUnfinished(root);
    const temporary = `${path}.tmp`;
    await mkdir(temporary);
    try {
      await fill(temporary);
      // All of it is on the disk before its name says that it is whole.
      await runTool("sync", ["-f", temporary]);
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { recursive: true, force: true });
      throw error;
    }
    await syncFolder(root);
    return path;
  };
  return {
    async get(name, fill) {
      const path = join(root, name);
      if (await isFolder(path)) return path;
      const making = last.then(() => make(name, fill));
      last = making.catch(() => {});
      return making;
    },
  };
}

/** What a process that ended before it was done left behind. */
async function removeUnfinished(root: string): Promise<void> {
  const names = await readdir(root);
  for (const name of names.filter((name) => name.endsWith(".tmp"))) await rm(join(root, name), { recursive: true });
}

export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}
