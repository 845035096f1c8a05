// Native start: from the spawn of the shim to the first instruction of the container's program.
//   node --import tsx tests/bench/native.bench.ts [ROUNDS]        as root
// The program is static and writes CLOCK_MONOTONIC as the first thing that it does. Each round is one container with
// the product's default isolation; rounds without limits and seccomp are taken in turn with those that have them.

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { native } from "../integration/runtime/support/addon.ts";
import type { Config } from "../integration/runtime/support/config.ts";
import { Harness, type TestContainer } from "../integration/runtime/support/harness.ts";
import { projectRoot } from "../support/instance.ts";
import { timeRow } from "./figures.ts";

const rounds = Number(process.argv[2] ?? 100);
const pausesMs = [0, 50];

const program = `
#include <stdio.h>
#include <time.h>
int main(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return printf("%lld\\n", (long long)now.tv_sec * 1000000000 + now.tv_nsec) < 0;
}
`;

interface Variant {
  name: string;
  change: (config: Config) => void;
}

const variants: Variant[] = [
  {
    name: "default (limits, seccomp)",
    change: (config) => {
      config.linux.resources = {
        memory: { limit: 512 * 1024 * 1024 },
        cpu: { quota: 50_000, period: 100_000 },
        pids: { limit: 512 },
      };
    },
  },
  { name: "without limits", change: () => {} },
  { name: "without limits, seccomp", change: (config) => Object.assign(config.linux, { seccomp: undefined }) },
  {
    name: "default, host network",
    change: (config) => {
      config.linux.namespaces = config.linux.namespaces.filter(({ type }) => type !== "network");
    },
  },
];

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Nanoseconds from the call of spawnShim to the program's first instruction. */
async function start(harness: Harness, variant: Variant): Promise<number> {
  const container: TestContainer = harness.container((config) => {
    config.process.terminal = false;
    config.process.args = ["/usr/bin/first-instruction"];
    variant.change(config);
  });
  container.writeConfig();
  const began = process.hrtime.bigint(); // CLOCK_MONOTONIC too
  await container.start();
  await container.gone();
  return Number(BigInt(container.logText(1).trim()) - began);
}

const harness = new Harness();
writeFileSync(join(harness.home, "program.c"), program);
execFileSync("cc", [
  "-O2",
  "-static",
  "-o",
  join(harness.rootfs, "usr/bin/first-instruction"),
  join(harness.home, "program.c"),
]);

const rows: Record<string, Record<string, string | number>> = {};
for (const pauseMs of pausesMs) {
  const samples = new Map(variants.map(({ name }) => [name, [] as number[]]));
  for (const variant of variants) await start(harness, variant); // fills the caches
  for (let round = 0; round < rounds; ++round) {
    for (const variant of variants) {
      samples.get(variant.name)?.push(await start(harness, variant));
      await pause(pauseMs);
    }
  }
  for (const [name, values] of samples) {
    const pace = pauseMs === 0 ? "back to back" : `every ${pauseMs} ms`;
    rows[`${name}, ${pace}`] = timeRow(values.map((nanoseconds) => nanoseconds / 1e6));
  }
}
/** Microseconds that a trace of so many steps costs, as native/core writes it: in memory, and in a file with its texts. */
function traceCost(steps: number): string[] {
  const program = join(harness.home, "trace-cost");
  const core = ["trace.cc", "map_ahead.cc", "plan.cc", "trace_file.cc", "file.cc", "result.cc"].map(
    (file) => `native/core/${file}`,
  );
  const sources = ["tests/bench/trace-cost.cc", ...core].map((file) => join(projectRoot, file));
  execFileSync("c++", ["-std=c++20", "-O2", "-I", join(projectRoot, "native"), "-o", program, ...sources]);
  const printed = execFileSync(program, [String(steps)], { encoding: "utf8" });
  return printed.split(" ").map((nanoseconds) => (Number(nanoseconds) / 1000).toFixed(1));
}

const traced = await harness
  .container((config) => {
    config.process.terminal = false;
    config.process.args = ["/usr/bin/first-instruction"];
  })
  .start();
const steps = traced.trace().length;
await traced.gone();
const [inMemory, inFile] = traceCost(steps);

console.log(`native start, cgroup v${native.probe().cgroup.version}, Linux ${native.probe().kernel}`);
console.table(rows);
console.log(`tracing a start of ${steps} steps: ${inMemory} µs, in a file ${inFile} µs (target: at most 10 µs)`);
const left = await harness.close();
if (left.length > 0) throw new Error(`left behind: ${left.join(", ")}`);
