import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** For the system's own programs: nothing of our environment (TAR_OPTIONS, say) changes what they do. */
export const toolEnvironment: NodeJS.ProcessEnv = {
  NODE_ENV: process.env.NODE_ENV,
  PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
  LC_ALL: "C.UTF-8",
};

/** Runs a program of the system and answers its output. Rejects when it can't be run or does not exit with 0. */
export async function runTool(name: string, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(name, args, { env: toolEnvironment, maxBuffer: 16 * 1024 * 1024 });
  return stdout;
}
