import { createHash } from "node:crypto";
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { type Elf, readExecutable, type Script } from "./elf.ts";
import { hostTexts } from "./host-texts.ts";
import { createLibrarySearch, type FindLibrary } from "./libraries.ts";
import { dataFiles, loadedLibraries, programs, terminals } from "./programs.ts";

/** To be raised when the same files are to make another image. */
const layoutVersion = 1;

/** An entry of the image to be; `size` and `modified` are the source's when it was planned. */
export type PlannedEntry =
  | { kind: "file"; source: string; mode: number; size: number; modified: number }
  | { kind: "text"; content: string; mode: number }
  | { kind: "link"; target: string }
  | { kind: "folder"; mode: number };

/** What the host image will hold. */
export interface HostPlan {
  /** Made from all of it: another machine, or this one after an update, has another name. */
  name: string;
  /** By absolute path within the image. */
  entries: Map<string, PlannedEntry>;
  /** Programs that the image goes without, each with the reason. */
  leftOut: string[];
}

const searchPath = ["/usr/bin", "/bin", "/usr/sbin", "/sbin"];
const terminfoFolders = ["/etc/terminfo", "/lib/terminfo", "/usr/share/terminfo", "/usr/lib/terminfo"];

/** Looks at this machine's programs and the libraries that they need, and plans an image of them. */
export async function planHostImage(): Promise<HostPlan> {
  const entries = skeleton();
  const dependencies = createDependencies(await createLibrarySearch());
  const leftOut: string[] = [];
  for (const name of programs) {
    try {
      const path = await findProgram(name);
      for (const needed of await dependencies.closure(path)) await addFile(entries, needed);
    } catch (error) {
      leftOut.push(`${name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  for (const path of await dependencies.loaded()) await addFile(entries, path);
  for (const path of await findData()) await addFile(entries, path);
  for (const [path, text] of Object.entries(hostTexts(await systemName())))
    entries.set(path, { kind: "text", ...text });
  const content = JSON.stringify([layoutVersion, [...entries].sort()]);
  return { name: createHash("sha256").update(content).digest("hex"), entries, leftOut };
}

function skeleton(): HostPlan["entries"] {
  const folder = (mode: number) => ({ kind: "folder", mode }) as const;
  const link = (target: string) => ({ kind: "link", target }) as const;
  const entries: HostPlan["entries"] = new Map();
  const common = "bin sbin lib lib64 local/bin share";
  for (const name of common.split(" ")) entries.set(`/usr/${name}`, folder(0o755));
  for (const name of "proc sys dev run var/log var/lib home mnt etc".split(" ")) entries.set(`/${name}`, folder(0o755));
  for (const path of ["/tmp", "/var/tmp"]) entries.set(path, folder(0o1777));
  entries.set("/root", folder(0o700));
  for (const name of ["bin", "sbin", "lib", "lib64"]) entries.set(`/${name}`, link(`usr/${name}`));
  entries.set("/var/run", link("../run"));
  entries.set("/etc/mtab", link("../proc/self/mounts"));
  return entries;
}

/** Where a path of the host lies in the image, whose /bin, /sbin and /lib are links into /usr. */
function place(path: string): string {
  return path.replace(/^\/(?=(?:bin|sbin|lib|lib64)\/)/, "/usr/");
}

/** Adds a file at its real path, and at the path by which it is known a link to it. */
async function addFile(entries: HostPlan["entries"], path: string): Promise<void> {
  const at = place(path);
  if (entries.has(at)) return;
  const source = await realpath(path);
  const home = place(source);
  if (at !== home) entries.set(at, { kind: "link", target: relative(dirname(at), home) });
  if (entries.has(home)) return;
  const { mode, size, mtimeMs: modified } = await stat(source);
  // 0755 takes away set-user-ID bits, and writing by others than root.
  entries.set(home, { kind: "file", source, mode: mode & 0o755, size, modified });
}

async function findProgram(name: string): Promise<string> {
  for (const folder of searchPath) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => null);
    if (found?.isFile() && found.mode & 0o111) return path;
  }
  throw new Error("not on this host");
}

/** Finds out, once for each file, what programs need. */
function createDependencies(findLibrary: FindLibrary) {
  const known = new Map<string, Promise<string[]>>();
  let sample: Elf | null = null;

  const needsOf = async (path: string): Promise<string[]> => {
    const file = await readExecutable(await realpath(path));
    if (!file) throw new Error(`${path} is no 64-bit program`);
    if (file.kind === "script") return interpretersOf(file);
    sample ??= file;
    const libraries = file.needed.map(async (name) => {
      const found = await findLibrary(name, file);
      if (!found) throw new Error(`${path} needs ${name}, which is not on this host`);
      return found;
    });
    return [...(file.interpreter ? [file.interpreter] : []), ...(await Promise.all(libraries))];
  };

  const collect = async (path: string, seen: Set<string>): Promise<Set<string>> => {
    if (seen.has(path)) return seen;
    seen.add(path);
    const needs = known.get(path) ?? needsOf(path);
    known.set(path, needs);
    for (const needed of await needs) await collect(needed, seen);
    return seen;
  };

  return {
    /** A program and all files that it needs. Throws an Error that says which is missing. */
    closure: (path: string) => collect(path, new Set()),
    /** The libraries that the C library loads by itself, where the host has them. */
    async loaded(): Promise<string[]> {
      const seen = new Set<string>();
      for (const name of loadedLibraries) {
        const path = sample && (await findLibrary(name, sample));
        if (path) await collect(path, seen);
      }
      return [...seen];
    },
  };
}

/** A script comes along when its interpreter is a program of the image: others need files that nobody lists. */
async function interpretersOf({ interpreter, argument }: Script): Promise<string[]> {
  const name = basename(interpreter) === "env" && argument ? argument : basename(interpreter);
  if (!programs.includes(name)) throw new Error(`needs ${name}`);
  return name === basename(interpreter) ? [interpreter] : [interpreter, await findProgram(name)];
}

/** Terminal descriptions, the C.UTF-8 locale and network names: every file that the host has of them. */
async function findData(): Promise<string[]> {
  const descriptions = terminfoFolders.flatMap((folder) =>
    terminals.flatMap((name) => [
      join(folder, name.slice(0, 1), name),
      join(folder, name.charCodeAt(0).toString(16), name),
    ]),
  );
  const found = await Promise.all([...descriptions, ...dataFiles].map(filesBelow));
  return found.flat();
}

async function filesBelow(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => null);
  if (found?.isFile()) return [path];
  if (!found?.isDirectory()) return [];
  const names = await readdir(path);
  return (await Promise.all(names.sort().map((name) => filesBelow(join(path, name))))).flat();
}

async function systemName(): Promise<string> {
  const text = await readFile("/etc/os-release", "utf8").catch(() => "");
  return /^PRETTY_NAME="?([^"\n]*)/m.exec(text)?.[1] ?? "Linux";
}
