import { posix } from "node:path";
import { CliError } from "../errors.ts";

export interface CopySource {
  /** Last part of its path: what it is called in a directory that it is copied into. */
  name: string;
  isDirectory: boolean;
  /** Its path ended in `/.`: what is in it is copied, not the directory itself. */
  contentsOnly: boolean;
}

export interface CopyTarget {
  path: string;
  type: "directory" | "file" | null;
}

/** Where a copy goes: a directory that is there, and what the source is called in it; "" puts its contents there. */
export interface CopyPlan {
  directory: string;
  name: string;
}

/** The rules of `docker cp` for what is there already, slashes at the end, and `/.`. Throws a CliError. */
export function planCopy(source: CopySource, target: CopyTarget): CopyPlan {
  const { path, type } = target;
  if (type === "directory") {
    return { directory: path, name: source.contentsOnly ? "" : source.name };
  }
  if (type === "file" && source.isDirectory) {
    throw new CliError(`A directory cannot take the place of ${path}, which is none.`, {
      remedy: "Name a directory, or a path that is not there yet.",
    });
  }
  if (path.endsWith("/") && !source.isDirectory) {
    const why = type === null ? "does not exist" : "is no directory";
    throw new CliError(`${path} ${why}.`, { remedy: "Make the directory first, or leave out the slash at its end." });
  }
  const trimmed = path.replace(/\/+(?:\.\/*)?$/, "");
  return { directory: posix.dirname(trimmed), name: posix.basename(trimmed) };
}

/** A source's path without what says how it is copied. */
export function readSource(path: string): { path: string; name: string; contentsOnly: boolean } {
  const contentsOnly = /(?:^|\/)\.\/*$/.test(path);
  const normal = posix.normalize(path).replace(/(?<=.)\/+$/, "");
  return { path: normal, name: posix.basename(normal), contentsOnly };
}
