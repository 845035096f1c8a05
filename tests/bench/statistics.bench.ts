// What it costs to measure containers once a second: CPU time of the worker's process, all threads, by their number.
//   node --import tsx tests/bench/statistics.bench.ts [CONTAINERS]        as root, after a build
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { readConfig } from "../../lib/config.ts";
import { ContainerSpec } from "../../lib/contract/container.ts";
import { Operation } from "../../lib/contract/operation.ts";
import type { Context } from "../../worker/context.ts";
import { readInstallation } from "../../worker/installation.ts";
import { openContext } from "../../worker/open-context.ts";
import { execute } from "../../worker/operations/execute.ts";
import { createMonitor } from "../../worker/stats/monitor.ts";

const containers = Number(process.argv[2] ?? 200);
const seconds = 10;

function request(verb: Operation["verb"], containerId: string, given: object): Operation {
  const common = {
    id: randomUUID(),
    containerId,
    principal: "operator",
    generation: null,
    requestedAt: new Date().toISOString(),
  };
  return Operation.parse({ ...common, verb, arguments: given });
}

async function startSleepers(context: Context): Promise<string[]> {
  const ids = Array.from({ length: containers }, () => randomUUID());
  for (const id of ids) {
    const spec = ContainerSpec.parse({
      name: `c-${id}`,
      tty: false,
      command: ["sleep", "1000"],
      limits: { memoryBytes: 2 ** 26 },
    });
    await execute(context, request("create", id, spec));
    const { problem } = await execute(context, request("start", id, {}));
    if (problem) throw new Error(`${problem.title}: ${problem.detail}`);
  }
  return ids;
}

/** Milliseconds of CPU time that this process takes in a second. */
async function cpuPerSecond(): Promise<number> {
  const before = process.cpuUsage();
  await sleep(seconds * 1000);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / seconds;
}

const folder = await mkdtemp(join(tmpdir(), "minirun-bench-statistics-"));
const config = readConfig({
  NODE_ENV: "test",
  MINIRUN_HOME: join(folder, "home"),
  MINIRUN_RUN: join(folder, "run"),
  MINIRUN_CGROUP: basename(folder),
});
const installation = readInstallation(fileURLToPath(new URL("../..", import.meta.url)));
const context = await openContext(config, installation, pino({ level: "warn" }));
const stop = new AbortController();
try {
  await startSleepers(context);
  await sleep(2_000);
  const idle = await cpuPerSecond();
  const monitor = createMonitor(context, stop.signal);
  let told = 0;
  monitor.subscribe((snapshot) => {
    told += JSON.stringify(snapshot).length;
  });
  await sleep(3_000);
  const measuring = await cpuPerSecond();
  stop.abort();
  const { kernel, cgroup } = context.addon.probe();
  console.log(`statistics, cgroup v${cgroup.version}, Linux ${kernel}`);
  console.table({
    [`${containers} containers, once a second`]: {
      "CPU ms per second": (measuring - idle).toFixed(1),
      "of it without measuring": idle.toFixed(1),
      "KiB told": (told / 1024 / (seconds + 3)).toFixed(0),
    },
  });
} finally {
  stop.abort();
  for (const { id } of context.records.live()) await execute(context, request("delete", id, { force: true }));
  await context.lanes.idle();
  context.addon.cgroupRemoveRoot(`/${config.cgroup}`);
  await rm(folder, { recursive: true });
}
