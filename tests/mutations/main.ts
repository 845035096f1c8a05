// Takes out one guard at a time, builds what it is in, and runs the test that is about it: it must fail.
//   node --import tsx tests/mutations/main.ts [PART OF A TEST'S NAME]
// The tree itself stays as it is: what is changed and built is a copy.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as z from "zod";
import { type Change, type Mutation, mutations } from "./mutations.ts";

const root = resolve(import.meta.dirname, "../..");
const tests = "tests/integration/runtime/cve.test.ts";

function call(command: string, args: string[], options: { cwd: string; env?: Record<string, string> }) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  return { ok: status === 0, output: `${stdout}${stderr}` };
}

/** native/ with what has been built of it, beside the packages that it is built with. */
function copyTree(): string {
  const copy = mkdtempSync(join(tmpdir(), "minirun-test-mutations-"));
  const sanitized = join(root, "native/build/sanitized");
  cpSync(join(root, "native"), join(copy, "native"), {
    recursive: true,
    preserveTimestamps: true,
    verbatimSymlinks: true,
    filter: (source) => source !== sanitized,
  });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  return copy;
}

function build(copy: string): void {
  const targets = ["minirun-shim", "minirun-oci", "minirun"];
  const made = call("make", ["-s", "-j2", "-C", "native/build", "BUILDTYPE=Release", ...targets], { cwd: copy });
  if (!made.ok) throw new Error(`the build failed:\n${made.output.slice(-4000)}`);
}

const Report = z.object({ numPassedTests: z.int(), numFailedTests: z.int() });

/** How many of the tests with this name passed and failed with what was built in the copy. */
function runTests(copy: string, name: string): z.output<typeof Report> {
  const report = join(copy, "report.json");
  rmSync(report, { force: true });
  const words = ["run", "--project", "runtime", tests, "-t", name, "--reporter=json", `--outputFile.json=${report}`];
  const ran = call("node_modules/.bin/vitest", words, {
    cwd: root,
    env: { MINIRUN_TEST_BUILD: join(copy, "native/build/Release") },
  });
  try {
    return Report.parse(JSON.parse(readFileSync(report, "utf8")));
  } catch {
    throw new Error(`the tests did not run:\n${ran.output.slice(-4000)}`);
  }
}

/** Makes a change for as long as `during` runs. */
function changed<T>(copy: string, { file, before, after }: Change, during: () => T): T {
  const path = join(copy, file);
  const text = readFileSync(path, "utf8");
  if (text.split(before).length !== 2) throw new Error(`${file} has not got exactly one:\n${before}`);
  writeFileSync(
    path,
    text.replace(before, () => after),
  );
  try {
    return during();
  } finally {
    writeFileSync(path, text);
  }
}

/** Takes the guard out for as long as `during` runs. */
function without<T>(copy: string, mutation: Mutation, during: () => T): T {
  const { also } = mutation;
  return changed(copy, mutation, () => (also ? changed(copy, also, during) : during()));
}

/** Whether the guard's test passes with it and fails without it; says what came of it. */
function judge(copy: string, mutation: Mutation): boolean {
  const began = performance.now();
  const say = (verdict: string) => {
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    console.log(`${verdict}  ${mutation.test}: ${mutation.guards} (${mutation.file}, ${seconds} s)`);
  };
  try {
    const { numFailedTests, numPassedTests } = without(copy, mutation, () => {
      build(copy);
      return runTests(copy, mutation.test);
    });
    say(numFailedTests > 0 ? "needed " : "IDLE   ");
    if (numFailedTests + numPassedTests === 0) console.log("        no test has that name");
    return numFailedTests > 0;
  } catch (error) {
    say("BROKEN ");
    console.log(String(error));
    return false;
  }
}

const filter = process.argv[2] ?? "";
const chosen = mutations.filter(({ test }) => test.includes(filter));
const copy = copyTree();
try {
  build(copy);
  const control = runTests(copy, chosen.map(({ test }) => test.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|"));
  if (control.numFailedTests > 0 || control.numPassedTests === 0)
    throw new Error("tests fail with every guard in place");
  const passed = chosen.filter((mutation) => judge(copy, mutation)).length;
  console.log(`\n Tests  ${passed} passed | ${chosen.length - passed} failed (${chosen.length})`);
  process.exitCode = passed === chosen.length ? 0 : 1;
} finally {
  rmSync(copy, { recursive: true, force: true });
}
