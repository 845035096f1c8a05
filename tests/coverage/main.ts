// Builds a copy of the project with counters, runs its suites in it, and tells which lines have run.
//   node --import tsx tests/coverage/main.ts [SUITE…]
// With suites named the figures are theirs alone, and no threshold holds.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { testPrefix } from "../support/instance.ts";
import { prepareFolder, variable } from "./collect.ts";
import { measureNative } from "./native.ts";
import { coverageFolder, profileFolder, root, treeFolder } from "./places.ts";
import { describeCoverage, type FileCoverage, listMissed, percentage } from "./report.ts";
import { buildTree } from "./tree.ts";
import { measureTypeScript } from "./typescript.ts";

/** Percent of lines; a figure below fails the suite, and one above is to be written here. */
const Thresholds = z.object({ typescript: z.number(), native: z.number() });
const thresholdFile = join(import.meta.dirname, "thresholds.json");

const every = ["unit", "native", "runtime", "oci", "vm", "integration", "e2e"];

function runSuites(names: readonly string[], folder: string): boolean {
  rmSync(profileFolder, { recursive: true, force: true });
  mkdirSync(profileFolder, { recursive: true });
  const { status } = spawnSync(process.execPath, ["--import", "tsx", "tests/run/main.ts", ...names], {
    cwd: treeFolder,
    env: { ...process.env, [variable]: folder, VM_SHARED: `${profileFolder} ${folder}` },
    stdio: "inherit",
  });
  return status === 0;
}

function timed<T>(what: string, work: () => T): T {
  const began = performance.now();
  const result = work();
  console.log(`${what}: ${((performance.now() - began) / 1000).toFixed(0)} s`);
  return result;
}

/** Says whether a figure keeps its threshold. */
function holds(name: keyof z.output<typeof Thresholds>, files: readonly FileCoverage[]): boolean {
  const threshold = Thresholds.parse(JSON.parse(readFileSync(thresholdFile, "utf8")))[name];
  const figure = percentage(files);
  if (figure < threshold) console.error(`${name} is below its threshold of ${threshold} %: test what is new.`);
  else if (figure > threshold) console.log(`${name} has risen: write ${figure} into tests/coverage/thresholds.json.`);
  return figure >= threshold;
}

const named = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), `${testPrefix}coverage-`));
try {
  prepareFolder(folder);
  mkdirSync(treeFolder, { recursive: true });
  timed("built", buildTree);
  const passed = runSuites(named.length > 0 ? named : every, folder);
  const typescript = timed("TypeScript measured", () => measureTypeScript(root, treeFolder, folder));
  const native = timed("C++ measured", () => measureNative());
  const list = join(coverageFolder, "not-run.txt");
  writeFileSync(list, listMissed([...typescript, ...native]));
  console.log(`\n${describeCoverage("TypeScript", typescript)}\n\n${describeCoverage("C++", native)}\n`);
  console.log(`Each line that has not run: ${list}`);
  const kept = named.length > 0 || [holds("typescript", typescript), holds("native", native)].every(Boolean);
  process.exitCode = passed && kept ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
