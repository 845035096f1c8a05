// What `./minirun test` runs: every suite, or those that are named, each with its time; then one line that sums up.
//   ./minirun test [SUITE…] [--all] [-- FILTER…]
import { testPrefix } from "../support/instance.ts";
import { findLeftovers } from "../support/leftovers.ts";
import { runSuite, type SuiteResult } from "./run-suite.ts";
import { extraSuites, notProved, type Suite, suites } from "./suites.ts";

function usage(): string {
  const list = [...suites, ...extraSuites].map(({ name, about }) => `  ${name.padEnd(12)} ${about}`);
  return `Usage: ./minirun test [SUITE…] [--all] [-- FILTER…]\n\nWithout a suite all run but the long ones (peers, mutations, coverage, outage, bench); --all adds them. FILTER goes to the test runner.\n\n${list.join("\n")}`;
}

function select(words: string[]): Suite[] {
  const every = [...suites, ...extraSuites];
  if (words.includes("--all")) return every;
  if (words.length === 0) return suites;
  const unknown = words.find((word) => !every.some(({ name }) => name === word));
  if (unknown !== undefined) {
    console.error(`There is no suite ${unknown}.\n\n${usage()}`);
    process.exit(2);
  }
  return every.filter(({ name }) => words.includes(name));
}

/** After the last suite the machine must be as it was: everything that tests make carries their prefix. */
function checkLeftovers(before: string[]): SuiteResult {
  const began = performance.now();
  const left = findLeftovers(testPrefix).filter((line) => !before.includes(line));
  for (const line of left) console.error(`left behind: ${line}`);
  const failed = left.length > 0 ? 1 : 0;
  const seconds = (performance.now() - began) / 1000;
  return { name: "leftovers", passed: 1 - failed, failed, skipped: 0, seconds, share: 10 };
}

function table(results: SuiteResult[]): string {
  const rows = results.map(({ name, passed, failed, skipped, seconds, share }) =>
    [
      name.padEnd(12),
      String(passed).padStart(7),
      String(failed).padStart(7),
      String(skipped).padStart(8),
      `${seconds.toFixed(1)} s`.padStart(10),
      `${share} s`.padStart(8),
    ].join(""),
  );
  return [`${"suite".padEnd(12)} passed failed skipped      time   share`, ...rows].join("\n");
}

const words = process.argv.slice(2);
if (words.includes("--help")) {
  console.log(usage());
  process.exit(0);
}
const separator = words.includes("--") ? words.indexOf("--") : words.length;
const chosen = select(words.slice(0, separator));
const before = findLeftovers(testPrefix);
const results: SuiteResult[] = [];
for (const suite of chosen) results.push(await runSuite(suite, words.slice(separator + 1)));
results.push(checkLeftovers(before));

const total = (key: "passed" | "failed" | "skipped" | "seconds") => results.reduce((sum, each) => sum + each[key], 0);
console.log(`\n${table(results)}`);
console.log(`${"".padEnd(12)} ${(total("seconds") / 60).toFixed(1)} minutes, ${total("skipped")} skipped`);
for (const line of notProved(chosen.map(({ name }) => name))) console.log(`Not proved here: ${line}`);
console.log(`${total("passed")} passed, ${total("failed")} failed`);
process.exit(total("failed") > 0 ? 1 : 0);
