import { spawnSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../../lib/config.ts";

/**
 * Takes the lock that one supervisor of an installation holds; null when another has it. It lasts until `release` or
 * the end of this process, however that comes: flock(2) locks the open file, which flock(1) shares with us, and
 * children do not inherit (close-on-exec).
 */
export function takeSupervisorLock(config: Pick<Config, "run">): { release(): void } | null {
  const file = openSync(join(config.run, "supervisor.lock"), "a", 0o600);
  const { status, error } = spawnSync("flock", ["--nonblock", "3"], { stdio: ["ignore", "ignore", "ignore", file] });
  if (status === 0) return { release: () => closeSync(file) };
  closeSync(file);
  if (error) throw error;
  return null;
}
