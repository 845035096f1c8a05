import { copyFileSync, openSync, renameSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";

const maximumBytes = 16 * 1024 * 1024;
const keptFiles = 3;

/** Opens a log for appending. A part gets this descriptor itself, so it goes on logging when the supervisor dies. */
export function openLog(folder: string, name: string): number {
  return openSync(join(folder, `${name}.log`), "a", 0o600);
}

/**
 * Rotates a log that has grown over 16 MiB to NAME.log.1 … .3. The writers keep their descriptor, so the file is
 * copied and truncated rather than renamed (they append, so they go on at the new end); a line that is written
 * between the two calls can be lost.
 */
export function rotateLog(folder: string, name: string): void {
  const path = join(folder, `${name}.log`);
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) <= maximumBytes) return;
  for (let number = keptFiles - 1; number >= 1; number -= 1) {
    if (statSync(`${path}.${number}`, { throwIfNoEntry: false }))
      renameSync(`${path}.${number}`, `${path}.${number + 1}`);
  }
  copyFileSync(path, `${path}.1`);
  truncateSync(path);
}
