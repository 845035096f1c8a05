import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { labs } from "../../lib/labs/labs.ts";
import { profileFolder, treeFolder } from "./places.ts";
import type { FileCoverage } from "./report.ts";

const programs = [
  "minirun.node",
  "minirun-shim",
  "minirun-oci",
  "minirun-try-system-call",
  "minirun-native-test",
  "minirun-kernel-test",
  ...labs.map(({ name }) => `lab-${name}`),
];

/** Tests, fuzzers and what is built of them are no part of the product. */
const leftOut = /^(?:test|fuzz|build)\//;

/** Which lines of native/ have run, by the profiles that its programs share. Throws when a tool of LLVM fails. */
export function measureNative(): FileCoverage[] {
  const profiles = readdirSync(profileFolder).filter((name) => name.endsWith(".profraw"));
  if (profiles.length === 0) return [];
  const merged = join(profileFolder, "merged.profdata");
  call("llvm-profdata", ["merge", "-sparse", "-o", merged, ...profiles.map((name) => join(profileFolder, name))]);
  const release = join(treeFolder, "native/build/Release");
  const [first = "", ...others] = programs.map((name) => join(release, name)).filter((path) => existsSync(path));
  const objects = others.flatMap((path) => ["-object", path]);
  const text = call("llvm-cov", ["export", "-format=lcov", `-instr-profile=${merged}`, first, ...objects]);
  return readLcov(text, join(treeFolder, "native")).filter(({ path }) => !leftOut.test(path.slice("native/".length)));
}

function call(tool: string, args: string[]): string {
  return execFileSync(tool, args, { encoding: "utf8", maxBuffer: 2 ** 28, stdio: ["ignore", "pipe", "inherit"] });
}

/** Reads an LCOV trace file (geninfo(1)); files outside of `folder` are the system's. */
function readLcov(text: string, folder: string): FileCoverage[] {
  return text.split("end_of_record\n").flatMap((record) => {
    const file = resolve(/^SF:(.*)$/m.exec(record)?.[1] ?? "/");
    if (!file.startsWith(`${folder}/`)) return [];
    const lines = [...record.matchAll(/^DA:(\d+),(\d+)/gm)];
    const missed = lines.filter(([, , count]) => count === "0").map(([, line]) => Number(line));
    return [{ path: join("native", relative(folder, file)), lines: lines.length, missed }];
  });
}
