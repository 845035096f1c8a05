import { join } from "node:path";
import * as z from "zod";
import type { Bind } from "../../lib/contract/container.ts";
import { ProblemError } from "../../lib/contract/problem.ts";
import type { Context } from "../context.ts";
import { fileProblem } from "../files/file-problem.ts";
import { openFile } from "../files/read-file.ts";
import { readJson } from "../state/files.ts";
import type { ContainerRecord } from "../state/record.ts";
import type { Execution, ProgramFiles } from "./missing-library.ts";

const Bundle = z.looseObject({
  process: z.looseObject({ args: z.array(z.string()), env: z.array(z.string()), cwd: z.string() }),
});

/** How a container's first process is executed, by its bundle; null when that is gone. */
export async function readExecution(context: Context, { id }: ContainerRecord): Promise<Execution | null> {
  const bundle = await readJson(join(context.records.folder(id), "bundle/config.json"), Bundle);
  return bundle?.process ?? null;
}

/** The files beneath a container's root, of which `binds` hide some where it is not the root of a running one. */
export function programFiles({ addon }: Pick<Context, "addon">, root: number, binds: readonly Bind[]): ProgramFiles {
  return {
    open: (path) =>
      openFile(addon, root, path).then(
        ({ file }) => file,
        (error) => {
          if (fileProblem(error, path) instanceof ProblemError) return null;
          throw error;
        },
      ),
    isHidden: (path) => binds.some(({ target }) => path === target || path.startsWith(`${target}/`)),
  };
}
