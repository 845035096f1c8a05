import { basename, join } from "node:path/posix";
import type { Finding } from "../../lib/contract/host.ts";
import {
  type Execution,
  findMissingLibrary,
  libraryMissing,
  type ProgramFiles,
  programPlaces,
  readProgram,
} from "../engine/missing-library.ts";
import type { Barrier } from "./find-barrier.ts";

const mostInterpreters = 5;
/** ELF's number of this machine's processors (elf(5), e_machine). */
const ownMachine: Partial<Record<NodeJS.Architecture, number>> = { x64: 62, arm64: 183, riscv64: 243 };

type Part = Pick<Finding, "id" | "name" | "lost">;
const command: Part = { id: "command", name: "Its command", lost: "It does not start." };
const libraries: Part = {
  id: "libraries",
  name: "Shared libraries of its command",
  lost: "The program's loader ends it at once, with exit code 127.",
};

/** The files of a container, and what keeps its user from executing one of them. */
export interface UserFiles extends ProgramFiles {
  barrier(path: string): Promise<Barrier | null>;
}

/** Whether a command can be executed: it, what its file is executed by, and every library that it is loaded with. */
export async function checkCommand(files: UserFiles, execution: Execution): Promise<Finding[]> {
  const fault = await findFault(files, execution, execution.args[0] ?? "", 0);
  if (fault !== null && "unknown" in fault) return [finding(command, true, fault.unknown)];
  if (fault !== null) return [finding(command, false, fault.found, fault.remedy)];
  const place = (await readProgram(files, execution, execution.args[0] ?? ""))?.path ?? "";
  const missing = await findMissingLibrary(files, execution);
  if (!missing) {
    return [
      finding(command, true, place),
      finding(libraries, true, "each is where its loader looks, or none is needed"),
    ];
  }
  const { detail, remedy = "" } = libraryMissing(missing);
  return [finding(command, true, place), finding(libraries, false, detail, remedy)];
}

type Fault = { found: string; remedy: string } | { unknown: string };

/** What stands against executing a name: of a script, its interpreter as well. */
async function findFault(files: UserFiles, execution: Execution, name: string, depth: number): Promise<Fault | null> {
  const program = await readProgram(files, execution, name);
  if (!program) {
    const hidden = programPlaces(execution, name).find((path) => files.isHidden(path));
    if (hidden !== undefined) return { unknown: `${hidden} lies in a bind, which can be looked into while it runs` };
    const found = name.includes("/") ? `there is no file ${name}` : `no folder of PATH has a file ${name}`;
    return { found, remedy: "Check the command and PATH, or use an image that has the program." };
  }
  const { path, executable, mode, hasWindowsEnds } = program;
  if ((mode & 0o111) === 0) {
    return { found: `${path} is not marked executable`, remedy: `Mark it: chmod +x ${path} in the image.` };
  }
  const barred = await barrierFault(files, execution, name, path);
  if (barred) return barred;
  if (!executable) {
    const found = `${path} is neither a 64-bit program nor a script with a #! line`;
    return { found, remedy: "Name another program, or run the file by its interpreter." };
  }
  if (hasWindowsEnds) {
    return { found: `${path} has Windows' ends of lines`, remedy: `Take them away: sed -i 's/\\r$//' ${path}` };
  }
  if (executable.kind === "elf") return elfFault(files, path, executable);
  const { interpreter, argument } = executable;
  if (depth === mostInterpreters) return { found: `${path} has too many interpreters`, remedy: "Name a program." };
  if (!(await exists(files, interpreter))) {
    const found = `${path} is a script, and its interpreter ${JSON.stringify(interpreter)} is not there`;
    return { found, remedy: "Put the interpreter into the image, or name one in the first line that it has." };
  }
  const next = basename(interpreter) === "env" && argument !== null ? argument : interpreter;
  return findFault(files, execution, next, depth + 1);
}

/** Of a name that is looked for in PATH, the kernel's words about the first place count only where no other lets it pass. */
async function barrierFault(files: UserFiles, execution: Execution, name: string, path: string): Promise<Fault | null> {
  const barrier = await files.barrier(path);
  if (!barrier) return null;
  for (const place of programPlaces(execution, name)) {
    if ((await exists(files, place)) && !(await files.barrier(place))) return null;
  }
  const mode = (barrier.mode & 0o7777).toString(8).padStart(4, "0");
  const verb = barrier.type === "file" ? "execute" : "go through";
  return {
    found: `its user may not ${verb} ${barrier.path} (mode ${mode})`,
    remedy: `Let it: chmod o+x ${barrier.path} in the image; or run the container as its owner or as root.`,
  };
}

async function elfFault(
  files: ProgramFiles,
  path: string,
  { machine, interpreter }: { machine: number; interpreter: string | null },
): Promise<Fault | null> {
  const own = ownMachine[process.arch];
  if (own !== undefined && machine !== own) {
    const found = `${path} is for another processor (machine ${machine} of elf(5), and this one is ${own})`;
    return { found, remedy: "Use an image that was built for this machine's processor." };
  }
  if (interpreter === null || (await exists(files, interpreter))) return null;
  return {
    found: `${path} is there, but its dynamic loader ${interpreter} is not`,
    remedy: `Put ${interpreter} into the image, which belongs to its C library, or link the program statically.`,
  };
}

async function exists(files: ProgramFiles, path: string): Promise<boolean> {
  if (files.isHidden(path)) return true;
  const file = await files.open(join("/", path));
  await file?.close();
  return file !== null;
}

function finding(part: Part, there: boolean, found: string, remedy = ""): Finding {
  return { ...part, group: "Program", there, needed: true, found, remedy };
}
