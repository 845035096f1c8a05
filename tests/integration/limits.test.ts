import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { CreateContainerInput } from "../../lib/contract/container.ts";
import { type Instance, startInstance } from "../support/instance.ts";
import { until } from "../support/until.ts";

let instance: Instance;

beforeAll(async () => {
  instance = await startInstance();
});

afterAll(async () => {
  expect((await instance?.stop()) ?? []).toEqual([]);
});

const MiB = 1024 * 1024;
const clockTicks = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));

async function run(body: CreateContainerInput & { name: string }) {
  await instance.client.call("createContainer", { body });
  return instance.client.call("startContainer", { params: { name: body.name } });
}

async function ended(name: string) {
  const ask = () => instance.client.call("getContainer", { params: { name } });
  return until(`${name} has ended`, async () => (await ask()).state === "exited" && ask());
}

/** Processor time that a process has used (utime and stime of proc_pid_stat(5)). */
function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / clockTicks;
}

it("ends what allocates 128 MiB under a limit of 64 MiB, and says why everywhere", async () => {
  // tail keeps its input, which has no line's end, in memory.
  await run({
    name: "greedy",
    command: "head -c 128m /dev/zero | tail",
    tty: false,
    limits: { memoryBytes: 64 * MiB },
  });
  const container = await ended("greedy");
  expect(container).toMatchObject({ reason: "out-of-memory", exitCode: 137 });
  expect(container.oomKills).toBeGreaterThan(0);
  expect((await instance.cli(["list"])).stdout).toMatch(/greedy +exited \(137, out of memory\)/);
  expect((await instance.cli(["inspect", "greedy"])).stdout).toContain("out of memory");
  expect(await instance.cli(["start", "--attach", "greedy"])).toMatchObject({
    code: 137,
    stderr: expect.stringContaining("out of memory"),
  });
});

it("lets 32 MiB be allocated under the same limit", async () => {
  await run({
    name: "modest",
    command: "head -c 32m /dev/zero | tail | wc -c",
    tty: false,
    limits: { memoryBytes: 64 * MiB },
  });
  expect(await ended("modest")).toMatchObject({ reason: "exited", exitCode: 0, oomKills: 0 });
  expect((await instance.cli(["logs", "modest"])).stdout.trim()).toBe(String(32 * MiB));
});

it("gives a busy loop with half a core half a core", async () => {
  const { pid } = await run({ name: "busy", command: ["bash", "-c", "while :; do :; done"], limits: { cpus: 0.5 } });
  await sleep(500);
  const before = cpuSeconds(pid ?? 0);
  const from = performance.now();
  await sleep(5000);
  const used = (cpuSeconds(pid ?? 0) - before) / ((performance.now() - from) / 1000);
  expect(used).toBeGreaterThan(0.45);
  expect(used).toBeLessThan(0.55);
});

it("stops forks at the limit of processes", async () => {
  const command = ["bash", "-c", "for i in $(seq 40); do sleep 30 & done 2>&1; exit 0"];
  await run({ name: "forks", command, tty: false, limits: { pids: 16 } });
  const output = await until("forks fail", async () => {
    const { stdout } = await instance.cli(["logs", "forks"]);
    return stdout.includes("fork") && stdout;
  });
  expect(output).toContain("Resource temporarily unavailable");
});
