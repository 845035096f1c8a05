import { readFileSync } from "node:fs";
import * as z from "zod";

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

interface Finished {
  output: string;
  /** The file that the reporter was told to write. */
  report: string;
  code: number;
}

/** A tool that says no more than its exit code: one test. */
export function countExit({ code }: Finished): Counts {
  return code === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

const VitestReport = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
});

/** Vitest's JSON report. A file that did not even load has no tests in it: the exit code tells. */
export function countVitest(finished: Finished): Counts {
  const report = readReport(VitestReport, finished);
  if (!report) return countExit(finished);
  const { numPassedTests: passed, numFailedTests, numPendingTests, numTodoTests } = report;
  const failed = numFailedTests === 0 && finished.code !== 0 ? 1 : numFailedTests;
  return { passed, failed, skipped: numPendingTests + numTodoTests };
}

const PlaywrightReport = z.object({
  stats: z.object({ expected: z.int(), unexpected: z.int(), flaky: z.int(), skipped: z.int() }),
});

export function countPlaywright(finished: Finished): Counts {
  const report = readReport(PlaywrightReport, finished);
  if (!report) return countExit(finished);
  const { expected, unexpected, flaky, skipped } = report.stats;
  const failed = unexpected === 0 && finished.code !== 0 ? 1 : unexpected;
  return { passed: expected + flaky, failed, skipped };
}

/** doctest's last lines: `[doctest] test cases:  42 |  42 passed | 0 failed | 0 skipped`. */
export function countDoctest(finished: Finished): Counts {
  const match = /test cases:\s*\d+\s*\|\s*(\d+) passed\s*\|\s*(\d+) failed\s*\|\s*(\d+) skipped/.exec(finished.output);
  if (!match) return countExit(finished);
  return { passed: Number(match[1]), failed: Number(match[2]), skipped: Number(match[3]) };
}

/** The last lines of vitest's own reporter, for one that runs where its report cannot be read: in another machine. */
export function countVitestOutput(finished: Finished): Counts {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with a control character
  const plain = finished.output.replace(/\u001b\[[\d;]*m/g, "");
  const line = /^\s*Tests\s+(.*)$/m.exec(plain)?.[1];
  if (!line) return countExit(finished);
  const number = (word: string) => Number(new RegExp(`(\\d+) ${word}`).exec(line)?.[1] ?? 0);
  const failed = number("failed");
  return {
    passed: number("passed"),
    failed: failed === 0 && finished.code !== 0 ? 1 : failed,
    skipped: number("skipped"),
  };
}

/** The last line of a test command within this one; a figure below its threshold is one more that failed. */
export function countRun(finished: Finished): Counts {
  const match = [...finished.output.matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1);
  if (!match) return countExit(finished);
  const failed = Number(match[2]);
  return { passed: Number(match[1]), failed: failed === 0 && finished.code !== 0 ? 1 : failed, skipped: 0 };
}

function readReport<T extends z.ZodType>(schema: T, { report }: Finished): z.output<T> | null {
  try {
    return schema.parse(JSON.parse(readFileSync(report, "utf8")));
  } catch {
    return null;
  }
}
