// Counts what a test file runs in its own process, where that is asked for: ahead of its imports, until its last test.
import { createHash } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { type Debugger, Session } from "node:inspector/promises";
import { join } from "node:path";
import { afterAll } from "vitest";
import { layout, variable } from "./collect.ts";
import { sourceFolders } from "./sources.ts";

/** Where what ran is kept, the file that it was made of, and how far what V8 counts from lies ahead of it. */
interface Place {
  url: string;
  file: string;
  shift: number;
}

const folder = process.env[variable];
if (folder) await count(layout(folder));

async function count(at: ReturnType<typeof layout>): Promise<void> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.startPreciseCoverage", { callCount: false, detailed: true });
  afterAll(async () => {
    const { result } = await session.post("Profiler.takePreciseCoverage");
    const scripts = await readScripts(session);
    const taken = result.flatMap(({ scriptId, functions }) => {
      const script = scripts.get(scriptId);
      return script ? [{ ...script, functions }] : [];
    });
    writeFileSync(join(at.workers, `${process.pid}-${Date.now()}.json`), JSON.stringify({ result: taken }));
    session.disconnect();
  });

  /** The project's own among the scripts that run; Vite has transformed them, with their source maps in them. */
  async function readScripts(session: Session): Promise<Map<string, Place>> {
    const own: Debugger.ScriptParsedEventDataType[] = [];
    session.on("Debugger.scriptParsed", ({ params }) => {
      if (isOwn(params.url)) own.push(params);
    });
    await session.post("Debugger.enable");
    const scripts = new Map<string, Place>();
    for (const { scriptId, url } of own) {
      const { scriptSource } = await session.post("Debugger.getScriptSource", { scriptId });
      // The function that Vitest puts around a module is no part of what the source map knows.
      const shift = /^'use strict';async \([^)]*\)=>\{\{/.exec(scriptSource)?.[0].length ?? 0;
      scripts.set(scriptId, { url: keep(scriptSource.slice(shift)), file: pathOf(url), shift });
    }
    return scripts;
  }

  function keep(source: string): string {
    const path = join(at.sources, `${createHash("sha256").update(source).digest("hex")}.js`);
    if (!existsSync(path)) writeFileSync(path, source);
    return path;
  }
}

function isOwn(url: string): boolean {
  const path = pathOf(url);
  return sourceFolders.some((name) => path.startsWith(join(process.cwd(), name, "/"))) && !path.includes(".test.");
}

function pathOf(url: string): string {
  return url.replace(/^file:\/\//, "");
}
