// What the kernel view costs: the time of one reading to its JSON, by part and in all, for a container of ten processes.
//   node --import tsx tests/bench/kernel.bench.ts [READINGS]        as root, after a build
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { readConfig } from "../../lib/config.ts";
import { ContainerSpec } from "../../lib/contract/container.ts";
import { type KernelPart, kernelParts } from "../../lib/contract/kernel.ts";
import { Operation } from "../../lib/contract/operation.ts";
import type { Context } from "../../worker/context.ts";
import { readInstallation } from "../../worker/installation.ts";
import { readKernelText } from "../../worker/kernel/read-kernel.ts";
import { openContext } from "../../worker/open-context.ts";
import { execute } from "../../worker/operations/execute.ts";
import { quantile } from "./figures.ts";

const readings = Number(process.argv[2] ?? 500);
const processes = 10;
/** What the page reads each second: all but what never changes. */
const live = kernelParts.filter((part) => part !== "seccomp");

async function carryOut(context: Context, verb: Operation["verb"], containerId: string, given: object): Promise<void> {
  const requestedAt = new Date().toISOString();
  const common = { id: randomUUID(), containerId, principal: "operator", generation: null, requestedAt };
  const { problem } = await execute(context, Operation.parse({ ...common, verb, arguments: given }));
  if (problem) throw new Error(`${problem.title}: ${problem.detail}`);
}

async function startTen(context: Context): Promise<string> {
  const id = randomUUID();
  const script = `for i in $(seq ${processes - 1}); do sleep 1000 & done; wait`;
  const command = ["/bin/bash", "-c", script];
  await carryOut(context, "create", id, ContainerSpec.parse({ name: "bench", tty: false, command }));
  await carryOut(context, "start", id, {});
  await sleep(500);
  return id;
}

async function measure(context: Context, id: string, parts: readonly KernelPart[]) {
  const record = context.records.get(id);
  if (!record) throw new Error("the container has no record");
  const times: number[] = [];
  const before = process.cpuUsage();
  for (let reading = 0; reading < readings; reading += 1) {
    const began = performance.now();
    await readKernelText(context, record, parts);
    times.push(performance.now() - began);
  }
  const { user, system } = process.cpuUsage(before);
  const show = (part: number) => Number(quantile(times, part).toFixed(3));
  return {
    "median ms": show(0.5),
    "p95 ms": show(0.95),
    "p99 ms": show(0.99),
    "CPU ms": Number(((user + system) / 1000 / readings).toFixed(3)),
  };
}

const folder = await mkdtemp(join(tmpdir(), "minirun-bench-kernel-"));
const config = readConfig({
  NODE_ENV: "test",
  MINIRUN_HOME: join(folder, "home"),
  MINIRUN_RUN: join(folder, "run"),
  MINIRUN_CGROUP: basename(folder),
});
const installation = readInstallation(fileURLToPath(new URL("../..", import.meta.url)));
const context = await openContext(config, installation, pino({ level: "warn" }));
try {
  const id = await startTen(context);
  await measure(context, id, kernelParts);
  const rows: [string, readonly KernelPart[]][] = kernelParts.map((part) => [part, [part]]);
  rows.push(["each second on the page", live], ["everything", kernelParts]);
  const { kernel, cgroup } = context.addon.probe();
  console.log(`kernel view of ${processes} processes, cgroup v${cgroup.version}, Linux ${kernel}; target: 2 ms`);
  const table: Record<string, object> = {};
  for (const [name, parts] of rows) table[name] = await measure(context, id, parts);
  console.table(table);
} finally {
  for (const { id } of context.records.live()) await carryOut(context, "delete", id, { force: true });
  await context.lanes.idle();
  context.addon.cgroupRemoveRoot(`/${config.cgroup}`);
  await rm(folder, { recursive: true });
}
