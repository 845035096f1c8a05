import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type Elf, readExecutable } from "./elf.ts";
import { runTool } from "./tools.ts";

/** Answers the path of a library that an ELF file needs, searched for as ld.so(8) does; null when there is none. */
export type FindLibrary = (name: string, neededBy: Elf) => Promise<string | null>;

/** Reads the dynamic linker's cache, where there is one, and the standard folders. */
export async function createLibrarySearch(): Promise<FindLibrary> {
  const cache = await readLinkerCache();
  const folders = ["/lib64", "/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib", ...(await architectureFolders())];
  const machines = new Map<string, Promise<number | null>>();
  // A host may have libraries for other machines beside its own.
  const isFor = async (machine: number, path: string): Promise<boolean> => {
    const known = machines.get(path) ?? machineOf(path);
    machines.set(path, known);
    return (await known) === machine;
  };
  return async (name, { runpath, machine }) => {
    if (name.includes("/")) return (await isFor(machine, name)) ? name : null;
    const inFolders = (list: string[]) => list.map((folder) => join(folder, name));
    for (const path of [...inFolders(runpath), ...(cache.get(name) ?? []), ...inFolders(folders)]) {
      if (await isFor(machine, path)) return path;
    }
    return null;
  };
}

/** The machine that a library is for; null when there is no library at this path. */
async function machineOf(path: string): Promise<number | null> {
  const file = await readExecutable(path).catch(() => null);
  return file?.kind === "elf" ? file.machine : null;
}

/** Debian's multiarch folders, /usr/lib/x86_64-linux-gnu. */
async function architectureFolders(): Promise<string[]> {
  const names = await readdir("/usr/lib");
  return names.filter((name) => name.includes("-linux-")).map((name) => `/usr/lib/${name}`);
}

/** Paths by library name, from `ldconfig -p`; empty where the C library has no cache. */
async function readLinkerCache(): Promise<Map<string, string[]>> {
  const cache = await runTool("ldconfig", ["-p"]).catch(() => "");
  const paths = new Map<string, string[]>();
  for (const [, name = "", path = ""] of cache.matchAll(/^\s+(\S+) \(.*\) => (\/.*)$/gm)) {
    paths.set(name, [...(paths.get(name) ?? []), path]);
  }
  return paths;
}
