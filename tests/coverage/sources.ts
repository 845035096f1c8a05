import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { decodedMappings, TraceMap } from "@jridgewell/trace-mapping";
import { transformSync } from "esbuild";

/** Where the product's own TypeScript and JavaScript lies. */
export const sourceFolders = ["app", "cli", "components", "lib", "scripts", "server", "worker"] as const;

/** Tests and what helps them are no part of the product; the Prisma client is generated. */
const leftOut = /\.test\.tsx?$|\/testing\/|^lib\/store\/generated\/|\.d\.ts$/;

/** The product's source files, by their paths below `folder`; those that no test loads too. */
export function listSources(folder: string): string[] {
  const listed = execFileSync(
    "git",
    ["ls-files", "-z", "--cached", "--others", "--exclude-standard", ...sourceFolders],
    {
      cwd: folder,
    },
  );
  const paths = listed.toString().split("\0");
  return paths.filter((path) => /\.(?:tsx?|mjs)$/.test(path) && !leftOut.test(path));
}

/** What stands on a line that has no code of its own: brackets, tags that end, and words that compilers drop. */
const bare = /^\W*(?:else|finally|try|do|async|return)?\W*$|^\s*<\/[\w.]+>\W*$/;

/**
 * The lines of a file that can run, from 1: those that something is left of once its types are gone, but imports, which
 * bundlers take away, and lines of brackets.
 */
export function codeLines(folder: string, path: string): Set<number> {
  const text = readFileSync(join(folder, path), "utf8");
  const { code, map } = transformSync(text, {
    loader: path.endsWith(".tsx") ? "tsx" : path.endsWith(".ts") ? "ts" : "js",
    sourcemap: "external",
    sourcefile: path,
    jsx: "automatic",
    target: "node20.19",
  });
  const written = text.split("\n");
  const lines = new Set<number>();
  const imports = importLines(code);
  for (const [index, segments] of decodedMappings(new TraceMap(map)).entries()) {
    if (imports.has(index)) continue;
    for (const segment of segments) {
      if (segment.length === 1) continue;
      if (!bare.test(written[segment[2]] ?? "")) lines.add(segment[2] + 1);
    }
  }
  return lines;
}

/** The lines, from 0, of what esbuild has printed that only import or pass on. */
function importLines(code: string): Set<number> {
  const found = new Set<number>();
  let within = false;
  for (const [index, line] of code.split("\n").entries()) {
    within ||= /^import\b(?!\(|\.)|^export (?:\*|\{)/.test(line);
    if (within) found.add(index);
    if (line.endsWith(";")) within = false;
  }
  return found;
}
