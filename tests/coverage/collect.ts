import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Names the folder that counts are collected in; where it is unset, nothing is counted. */
export const variable = "MINIRUN_COVERAGE";

/** What lies where in that folder. */
export const layout = (folder: string) => ({
  /** What V8 counted, a file a process; of root's processes and of the web's user. */
  processes: join(folder, "processes"),
  web: join(folder, "web"),
  /** The same of test workers and of pages, and the sources that the workers ran, named by their hash. */
  workers: join(folder, "workers"),
  pages: join(folder, "pages"),
  sources: join(folder, "sources"),
  /** Goes ahead of the rest of PATH. */
  programs: join(folder, "programs"),
});

/** Makes the folders, and the setpriv that starts worker and web with V8's counting turned on. */
export function prepareFolder(folder: string): void {
  const at = layout(folder);
  for (const path of Object.values(at)) mkdirSync(path, { recursive: true });
  chmodSync(folder, 0o755);
  chmodSync(at.web, 0o1777);
  const real = execFileSync("sh", ["-c", "command -v setpriv"], { encoding: "utf8" }).trim();
  writeFileSync(join(at.programs, "setpriv"), setpriv(at, real), { mode: 0o755 });
}

/**
 * The supervisor gives worker and web an environment of its own making, and starts them by setpriv(1): this one adds a
 * variable to theirs, and the product needs no door for tests. It names the `real` one by its path: of a PATH in which its
 * own folder stands twice a search would find itself for ever.
 */
const setpriv = (at: ReturnType<typeof layout>, real: string) => `#!/bin/sh
case " $* " in
  *" dist/worker.js ") export NODE_V8_COVERAGE='${at.processes}' ;;
  *" dist/server.js ") export NODE_V8_COVERAGE='${at.web}' ;;
esac
exec '${real}' "$@"
`;

/** What the environment of a tested MiniRun has more where counts are collected: nothing where they are not. */
export function countedEnvironment({ PATH, [variable]: folder }: NodeJS.ProcessEnv): Record<string, string> {
  if (!folder) return {};
  const at = layout(folder);
  return { NODE_V8_COVERAGE: at.processes, PATH: `${at.programs}:${PATH}` };
}
