import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import * as z from "zod";
import { layout } from "./collect.ts";
import type { FileCoverage } from "./report.ts";
import { Script } from "./scripts.ts";
import { codeLines, listSources } from "./sources.ts";

const Dump = z.object({
  result: z.array(
    z.object({
      url: z.string(),
      file: z.string().optional(),
      shift: z.int().optional(),
      functions: z.array(
        z.object({
          ranges: z.array(z.object({ startOffset: z.int(), endOffset: z.int(), count: z.number() })),
        }),
      ),
    }),
  ),
});

/** Which lines of the TypeScript in `tree` have run, by what processes and pages have left in `folder`. */
export function measureTypeScript(root: string, tree: string, folder: string): FileCoverage[] {
  const scripts = new Map<string, Script>();
  for (const path of dumps(folder)) {
    for (const { url, file, functions, shift } of readDump(path)) {
      const built = fileOf(url, tree, folder);
      if (!built || !existsSync(built)) continue;
      const script = scripts.get(built) ?? new Script(built, file);
      scripts.set(built, script);
      script.add(functions, shift);
    }
  }
  const ran = new Map<string, Set<number>>();
  for (const script of scripts.values()) {
    script.forEachPlace((source, line) => {
      const path = relative(tree, resolve(tree, source));
      const lines = ran.get(path);
      if (lines) lines.add(line);
      else ran.set(path, new Set([line]));
    });
  }
  return listSources(root).map((path) => {
    const missed = [...codeLines(tree, path)];
    const all = missed.length;
    const known = ran.get(path);
    return { path, lines: all, missed: missed.filter((line) => !known?.has(line)).sort((a, b) => a - b) };
  });
}

function dumps(folder: string): string[] {
  const { processes, web, workers, pages } = layout(folder);
  return [processes, web, workers, pages].flatMap((place) =>
    readdirSync(place)
      .filter((name) => name.endsWith(".json"))
      .map((name) => join(place, name)),
  );
}

/** A process that was killed while it wrote has left half a file. */
function readDump(path: string): z.output<typeof Dump>["result"] {
  try {
    return Dump.parse(JSON.parse(readFileSync(path, "utf8"))).result;
  } catch {
    return [];
  }
}

/** The file in the tree that a script was built as: it ran from there, from a release of it, or from a page. */
function fileOf(url: string, tree: string, folder: string): string | null {
  if (url.startsWith(folder)) return url;
  const page = /^http:\/\/[^/]+\/_next\/(static\/[^?#]+)/.exec(url)?.[1];
  if (page) return join(tree, ".next", decodeURIComponent(page));
  if (!url.startsWith("file://")) return null;
  const path = decodeURIComponent(url.slice("file://".length));
  const below = path.startsWith(`${tree}/`)
    ? relative(tree, path)
    : /\/release\/\.?[0-9a-f]{12}\/(.*)$/.exec(path)?.[1];
  return below && /^(?:dist|\.next|scripts)\/.*\.m?js$/.test(below) ? join(tree, below) : null;
}
