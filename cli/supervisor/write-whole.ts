import { closeSync, fchmodSync, fsyncSync, openSync, renameSync, writeSync } from "node:fs";

/** Writes a file so that a reader finds the old or the new text, never a part: temporary file, fsync, rename. */
export function writeWhole(path: string, text: string, mode: number): void {
  const temporary = `${path}.tmp`;
  const file = openSync(temporary, "w", mode);
  try {
    fchmodSync(file, mode);
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
}
