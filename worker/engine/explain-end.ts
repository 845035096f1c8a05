import { join } from "node:path";
import { z } from "zod";
import { type Problem, ProblemError, problem } from "../../lib/contract/problem.ts";
import type { Context } from "../context.ts";
import { withRoot } from "../files/container-root.ts";
import { fileProblem } from "../files/file-problem.ts";
import { openFile } from "../files/read-file.ts";
import { readJson } from "../state/files.ts";
import type { ContainerRecord } from "../state/record.ts";
import { findMissingLibrary, type MissingLibrary, type ProgramFiles } from "./missing-library.ts";
import type { ExitFile } from "./report.ts";

/** A run that lasted longer than this, in milliseconds, had begun: its end is no failed start. */
const quickEnd = 3000;
/** What a loader ends with when it can't load a program, and a shell when it finds none. */
const notLoaded = 127;

const Bundle = z.looseObject({
  process: z.looseObject({ args: z.array(z.string()), env: z.array(z.string()), cwd: z.string() }),
});

/**
 * Why a program that was executed came to nothing at once, where that can be told from outside: a library that its
 * loader did not find, or too little memory. Null for every other end, and for one that somebody asked for.
 */
export async function explainEnd(context: Context, record: ContainerRecord, exit: ExitFile): Promise<Problem | null> {
  const lasted = Date.parse(exit.finishedAt) - Date.parse(record.status.startedAt ?? "");
  if (record.endWanted || !(lasted < quickEnd)) return null;
  if (exit.reason === "out-of-memory") return outOfMemory(record, exit, lasted);
  if (exit.exitCode !== notLoaded) return null;
  const missing = await searchLibraries(context, record).catch((error) => {
    context.log.warn({ container: record.id, err: error }, "why the program was not loaded could not be found out");
    return null;
  });
  return missing && libraryMissing(missing);
}

async function searchLibraries(context: Context, record: ContainerRecord): Promise<MissingLibrary | null> {
  const bundle = await readJson(join(context.records.folder(record.id), "bundle/config.json"), Bundle);
  if (!bundle) return null;
  const { binds } = record.spec;
  return withRoot(context, record.id, "read", (root) => {
    const files: ProgramFiles = {
      open: (path) =>
        openFile(context.addon, root, path).then(
          ({ file }) => file,
          (error) => {
            if (fileProblem(error, path) instanceof ProblemError) return null;
            throw error;
          },
        ),
      isHidden: (path) => binds.some(({ target }) => path === target || path.startsWith(`${target}/`)),
    };
    return findMissingLibrary(files, bundle.process);
  });
}

function libraryMissing({ program, neededBy, library, searched }: MissingLibrary): Problem {
  const chain = neededBy === program ? "" : `, for its library ${neededBy},`;
  const detail = `${program} needs${chain} the shared library ${library}, and none of the folders that its loader looks in has one that fits: ${searched.join(", ")}.`;
  return problem("library-not-found", "A shared library is missing", detail, {
    remedy: `Put ${library} into the image (Debian: \`apt-file search ${library}\` names its package), or set LD_LIBRARY_PATH to the folder that has it.`,
    details: { program, neededBy, library },
    // What the loader, which execve has started in the program's place, was told.
    cause: { step: "exec", call: "openat", subject: library, errno: 2, errnoName: "ENOENT" },
  });
}

function outOfMemory({ spec }: ContainerRecord, { oomKills }: ExitFile, lasted: number): Problem {
  const { memoryBytes } = spec.limits;
  const words = `${spec.command[0]} was killed ${lasted} ms after it began: it wanted more than the limit of ${memoryBytes} bytes.`;
  return problem("out-of-memory", "The container ran out of memory at once", words, {
    remedy: "Raise its memory limit: `./minirun update --memory SIZE NAME`, or under Configuration.",
    details: { memoryLimit: memoryBytes, oomKills, lastedMs: lasted },
  });
}
