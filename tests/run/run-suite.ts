import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { variable as coverage } from "../coverage/collect.ts";
import { type Counts, countExit } from "./counts.ts";
import type { Step, Suite } from "./suites.ts";

export interface SuiteResult extends Counts {
  name: string;
  seconds: number;
  share: number;
}

/** Counters, and the source maps with them, cost time that no share has. */
const patience = process.env[coverage] ? 3 : 1;

/** Runs a suite's steps one after the other, passes their output on, and adds their results up. */
export async function runSuite(suite: Suite, filters: string[]): Promise<SuiteResult> {
  const began = performance.now();
  const sum: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const step of suite.steps(filters)) {
    console.log(
      `\n── ${suite.name}: ${step.title} ${"─".repeat(Math.max(0, 70 - suite.name.length - step.title.length))}`,
    );
    const counts = await runStep(step, (step.limit ?? suite.share * 5) * 1000 * patience);
    sum.passed += counts.passed;
    sum.failed += counts.failed;
    sum.skipped += counts.skipped;
  }
  return { ...sum, name: suite.name, share: suite.share, seconds: (performance.now() - began) / 1000 };
}

async function runStep(step: Step, limitMs: number): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), "minirun-report-"));
  const report = join(folder, "report.json");
  try {
    const { code, output } = await runTool(step, report, limitMs);
    return (step.count ?? countExit)({ code, output, report });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The tools read the name of the report from different places. */
function reportSettings(report: string): Record<string, string> {
  return { PLAYWRIGHT_JSON_OUTPUT_FILE: report, PLAYWRIGHT_HTML_OPEN: "never" };
}

/** What a tool gets to clean up after it was interrupted, in milliseconds. */
const farewellMs = 45_000;

function runTool(step: Step, report: string, limitMs: number): Promise<{ code: number; output: string }> {
  const [file = "", ...args] = step.command;
  const own = args.includes("--reporter=json") ? [`--outputFile.json=${report}`] : [];
  // A process group of its own, so that all of it can be ended at the limit.
  const child = spawn(file, [...args, ...own], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...reportSettings(report), ...step.env },
    detached: true,
  });
  let output = "";
  const take = (to: NodeJS.WriteStream) => (bytes: Buffer) => {
    to.write(bytes);
    output = `${output}${bytes}`.slice(-100_000);
  };
  child.stdout.on("data", take(process.stdout));
  child.stderr.on("data", take(process.stderr));
  return new Promise((resolve) => {
    const end = (signal: NodeJS.Signals) => child.pid && process.kill(-child.pid, signal);
    let limit = setTimeout(() => {
      console.error(`${step.title} is ended: it has taken ${limitMs / 1000} s`);
      // Interrupted, the tools still take down what their tests have set up.
      end("SIGINT");
      limit = setTimeout(() => end("SIGKILL"), farewellMs);
    }, limitMs);
    child.once("error", (error) => {
      clearTimeout(limit);
      console.error(`${step.title} cannot run: ${error.message}`);
      resolve({ code: 127, output });
    });
    child.once("close", (code) => {
      clearTimeout(limit);
      resolve({ code: code ?? 1, output });
    });
  });
}
