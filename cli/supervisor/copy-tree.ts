import {
  chmodSync,
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  type Stats,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";

export interface CopyOptions {
  /** Link files that nobody but root could change instead of copying them. */
  link?: boolean;
  /** Entries to leave out, by their path below the source. */
  skip?: ((path: string) => boolean) | undefined;
}

/**
 * Copies a file or folder so that every user can read it and root alone can write it, whatever modes and owner it had.
 * Symbolic links are copied as they are. The target must not exist.
 */
export function copyTree(source: string, target: string, options: CopyOptions = {}, below = ""): void {
  const stats = lstatSync(source);
  if (stats.isDirectory()) {
    mkdirSync(target, 0o755);
    chmodSync(target, 0o755);
    for (const name of readdirSync(source)) {
      const path = join(below, name);
      if (!options.skip?.(path)) copyTree(join(source, name), join(target, name), options, path);
    }
  } else if (stats.isSymbolicLink()) {
    symlinkSync(readlinkSync(source), target);
  } else if (stats.isFile() && !(options.link && isSafeToLink(stats) && tryLink(source, target))) {
    copyFileSync(source, target);
    chmodSync(target, stats.mode & 0o111 ? 0o755 : 0o644);
  }
}

/** Root's, readable by all, writable by no one else: the same as the copy would be. */
function isSafeToLink({ uid, mode }: Stats): boolean {
  return uid === 0 && (mode & 0o022) === 0 && (mode & 0o044) === 0o044;
}

function tryLink(source: string, target: string): boolean {
  try {
    linkSync(source, target);
    return true;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    // Another file system, too many links, or one without links: copy.
    if (code === "EXDEV" || code === "EMLINK" || code === "EPERM") return false;
    throw error;
  }
}
