import { readFileSync } from "node:fs";
import { open } from "node:fs/promises";
import type * as z from "zod";
import type { Addon } from "../addon/addon.ts";

/** Writes files whole; `addon.replaceFile` does it in one go on a thread, where Node's calls take eight of them. */
export type FileWriter = Pick<Addon, "replaceFile">;

/** Puts a folder's entries (names that were made, renamed or removed) on the disk. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Whether an error is this system error: `hasCode(error, "ENOENT")`; without a code, whether it is any. */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  if (!(error instanceof Error && "code" in error && typeof error.code === "string")) return false;
  return codes.length === 0 || codes.includes(error.code);
}

/**
 * A JSON file of the worker's own that fits the schema, or null when there is none. Throws with the path when it is
 * damaged. Such files are small and were written a moment ago: read at once they cost less than one of the four hops to
 * another thread that reading by promises takes.
 */
export async function readJson<T extends z.ZodType>(path: string, schema: T): Promise<z.output<T> | null> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return null;
    throw error;
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new Error(`${path} is damaged: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}
