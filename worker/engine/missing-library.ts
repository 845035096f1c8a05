import type { FileHandle } from "node:fs/promises";
import { basename, dirname, join } from "node:path/posix";
import { type Problem, problem } from "../../lib/contract/problem.ts";
import { type Elf, readOpenExecutable, type Script } from "../images/elf.ts";
import { readLinkerCache } from "./linker-cache.ts";

/** How a container's first process was executed, as in its config.json. */
export interface Execution {
  args: readonly string[];
  env: readonly string[];
  cwd: string;
}

/** The files of a container, as far as they are needed here. */
export interface ProgramFiles {
  /** Opens a regular file; the caller closes it. Null when there is none. */
  open(path: string): Promise<FileHandle | null>;
  /** Whether something else was mounted there while it ran: what lay there can't be said any more. */
  isHidden(path: string): boolean;
}

/** A library that a program can't be loaded without, and that is nowhere where its loader looks. */
export interface MissingLibrary {
  program: string;
  /** The program itself, or another library. */
  neededBy: string;
  library: string;
  searched: string[];
}

/** Folders that Debian's loaders search beside the others, by the ELF machine. */
const architectureFolders: Record<number, string> = {
  62: "x86_64-linux-gnu",
  183: "aarch64-linux-gnu",
  243: "riscv64-linux-gnu",
};
/** A program that needs more libraries is not followed to its end. */
const mostLibraries = 512;
/** Nor is one whose libraries might lie in more places than these: each costs a file that is opened. */
const mostPlaces = 10_000;
/** So many are named to whoever looks for a library. */
const mostNamed = 20;
const mostInterpreters = 5;
/** Names that musl stands for itself: ldso/dynlink.c, load_library(). */
const partOfMusl = /^lib(c|pthread|rt|m|dl|util|xnet)\./;
const longestCache = 4 * 1024 * 1024;

/**
 * Looks through a program and all libraries that it needs, as ld.so(8) does before the program's first instruction, and
 * answers the first that is not there. Null when all are, when it was linked statically, or when that can't be told.
 */
export async function findMissingLibrary(files: ProgramFiles, execution: Execution): Promise<MissingLibrary | null> {
  const look = async (name: string, depth: number): Promise<MissingLibrary | null> => {
    const found = await readFirst(files, programPlaces(execution, name));
    if (!found || depth === mostInterpreters) return null;
    const { path, executable } = found;
    if (executable.kind === "elf") {
      const listed = variable(execution, "LD_LIBRARY_PATH").split(/[:;]/).filter(Boolean);
      const folders = listed.map((folder) => absolute(execution, folder));
      return walk(files, path, executable, folders);
    }
    const { interpreter, argument } = executable;
    const missing = await look(interpreter, depth + 1);
    return missing ?? (basename(interpreter) === "env" && argument ? look(argument, depth + 1) : null);
  };
  return look(execution.args[0] ?? "", 0);
}

function variable({ env }: Execution, name: string): string {
  return env.findLast((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";
}

function absolute({ cwd }: Execution, path: string): string {
  return path.startsWith("/") ? path : join(cwd, path);
}

/** The files that a command may be, in the order in which they are tried. */
export function programPlaces(execution: Execution, name: string): string[] {
  if (name.includes("/")) return [absolute(execution, name)];
  return variable(execution, "PATH")
    .split(":")
    .map((folder) => join(absolute(execution, folder), name));
}

/**
 * The first of these that is a file, with its mode, and what it is to the kernel; null when none is there. The kernel
 * takes the carriage return of Windows' ends of lines for a part of the interpreter's name.
 */
export async function readProgram(files: ProgramFiles, execution: Execution, name: string) {
  for (const path of programPlaces(execution, name)) {
    const file = await files.open(path);
    if (!file) continue;
    try {
      const { mode } = await file.stat();
      const { buffer } = await file.read(Buffer.alloc(256), 0, 256, 0);
      const hasWindowsEnds = /^#![^\r\n]*\r\n/.test(buffer.toString("latin1"));
      return {
        path,
        mode,
        hasWindowsEnds,
        executable: await readOpenExecutable(file, dirname(path)).catch(() => null),
      };
    } finally {
      await file.close();
    }
  }
  return null;
}

/** What to say of a missing library, and what to do. */
export function libraryMissing({ program, neededBy, library, searched }: MissingLibrary): Problem {
  const chain = neededBy === program ? "" : `, for its library ${neededBy},`;
  const detail = `${program} needs${chain} the shared library ${library}, and none of the folders that its loader looks in has one that fits: ${searched.join(", ")}.`;
  return problem("library-not-found", "A shared library is missing", detail, {
    remedy: `Put ${library} into the image (Debian: \`apt-file search ${library}\` names its package), or set LD_LIBRARY_PATH to the folder that has it.`,
    details: { program, neededBy, library },
    // What the loader, which execve has started in the program's place, was told.
    cause: { step: "exec", call: "openat", subject: library, errno: 2, errnoName: "ENOENT" },
  });
}

/** Follows what a program needs, breadth first, as the loader does. */
async function walk(files: ProgramFiles, program: string, elf: Elf, folders: string[]): Promise<MissingLibrary | null> {
  if (elf.interpreter === null) return null;
  const places = await searchPlaces(files, elf, folders);
  // The loader is there, or execve had failed; it counts as loaded under its own name.
  const loaded = new Set([basename(elf.interpreter)]);
  const queue = [{ path: program, elf }];
  let looked = 0;
  for (let next = queue.shift(); next; next = queue.shift()) {
    for (const library of next.elf.needed) {
      if (loaded.has(library) || (isMusl(elf) && partOfMusl.test(library))) continue;
      loaded.add(library);
      const own = [...next.elf.runpath, ...elf.runpath];
      const choices = library.includes("/") ? [library] : places(library, own);
      looked += choices.length;
      if (loaded.size > mostLibraries || looked > mostPlaces) return null;
      const found = await firstOf(files, choices, elf.machine);
      if (found === "unknown") continue;
      if (!found)
        return {
          program,
          neededBy: next.path,
          library,
          searched: [...new Set(choices.map(dirname))].slice(0, mostNamed),
        };
      queue.push(found);
    }
  }
  return null;
}

const isMusl = ({ interpreter }: Elf) => basename(interpreter ?? "").startsWith("ld-musl-");

type Places = (library: string, own: readonly string[]) => string[];

/** Where a loader looks for libraries: glibc's ld.so(8), or musl's (ldso/dynlink.c, load_library()). */
async function searchPlaces(files: ProgramFiles, elf: Elf, folders: string[]): Promise<Places> {
  const loader = basename(elf.interpreter ?? "");
  const within = (list: readonly string[], library: string) => list.map((folder) => join(folder, library));
  if (isMusl(elf)) {
    const listed = (await readSmall(files, `/etc/${loader.replace(/\.so\..*$/, "")}.path`)).toString("utf8");
    const own = listed.split(/[\n:]/).filter(Boolean);
    const standard = own.length > 0 ? own : ["/lib", "/usr/local/lib", "/usr/lib"];
    return (library, runpath) => within([...folders, ...runpath, ...standard], library);
  }
  const cache = readLinkerCache(await readSmall(files, "/etc/ld.so.cache"));
  const multiarch = architectureFolders[elf.machine];
  const standard = [
    ...(multiarch ? [`/lib/${multiarch}`, `/usr/lib/${multiarch}`] : []),
    ...["/lib64", "/usr/lib64", "/lib", "/usr/lib"],
  ];
  return (library, runpath) => [
    ...within([...runpath, ...folders], library),
    ...(cache.get(library) ?? []),
    ...within(standard, library),
  ];
}

/** The first of these that is a library for the machine; "unknown" when one may be hidden by a mount. */
async function firstOf(files: ProgramFiles, paths: readonly string[], machine: number) {
  for (const path of paths) {
    if (files.isHidden(path)) return "unknown";
    const found = await read(files, path);
    if (found?.kind === "elf" && found.machine === machine) return { path, elf: found };
  }
  return null;
}

async function readFirst(files: ProgramFiles, paths: readonly string[]) {
  for (const path of paths) {
    const executable = await read(files, path);
    if (executable) return { path, executable };
  }
  return null;
}

/** What is at a path; null also for what can't be read, for the container may have written it. */
async function read(files: ProgramFiles, path: string): Promise<Elf | Script | null> {
  const file = await files.open(path);
  if (!file) return null;
  try {
    return await readOpenExecutable(file, dirname(path)).catch(() => null);
  } finally {
    await file.close();
  }
}

async function readSmall(files: ProgramFiles, path: string): Promise<Buffer> {
  const file = await files.open(path);
  if (!file) return Buffer.alloc(0);
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(size, longestCache)), 0, undefined, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
