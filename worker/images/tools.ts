import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { toolEnvironment } from "../../lib/tool-environment.ts";

/** Runs a program of the system and answers its output. Rejects when it can't be run or does not exit with 0. */
export async function runTool(name: string, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(name, args, { env: toolEnvironment, maxBuffer: 16 * 1024 * 1024 });
  return stdout;
}
