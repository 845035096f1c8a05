import { type Problem, problem } from "../../lib/contract/problem.ts";
import { formatBytes } from "../../lib/format-bytes.ts";
import type { Context } from "../context.ts";
import { withRoot } from "../files/container-root.ts";
import type { ContainerRecord } from "../state/record.ts";
import { findMissingLibrary, libraryMissing, type MissingLibrary } from "./missing-library.ts";
import { programFiles, readExecution } from "./program-files.ts";
import type { ExitFile } from "./report.ts";

/** A run that lasted longer than this, in milliseconds, had begun: its end is no failed start. */
const quickEnd = 3000;
/** What a loader ends with when it can't load a program, and a shell when it finds none. */
const notLoaded = 127;

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
  const bundle = await readExecution(context, record);
  if (!bundle) return null;
  return withRoot(context, record.id, "read", (root) =>
    findMissingLibrary(programFiles(context, root, record.spec.binds), bundle),
  );
}

function outOfMemory({ spec }: ContainerRecord, { oomKills }: ExitFile, lasted: number): Problem {
  const { memoryBytes } = spec.limits;
  const words = `${spec.command[0]} was killed ${lasted} ms after it began: it wanted more than its limit of ${memoryBytes === null ? "memory" : formatBytes(memoryBytes)}.`;
  return problem("out-of-memory", "The container ran out of memory at once", words, {
    remedy: `Raise its memory limit: \`./minirun update --memory SIZE ${spec.name}\`, or under Configuration.`,
    details: { memoryLimit: memoryBytes, oomKills, lastedMs: lasted },
  });
}
