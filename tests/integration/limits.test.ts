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

async function run(body: CreateContainerInput & { name: string }) {
  await instance.client.call("createContainer", { body });
  return instance.client.call("startContainer", { params: { name: body.name } });
}

async function ended(name: string) {
  const ask = () => instance.client.call("getContainer", { params: { name } });
  return until(`${name} has ended`, async () => (await ask()).state === "exited" && ask());
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
  await run({ name: "busy", command: ["bash", "-c", "while :; do :; done"], limits: { cpus: 0.5 } });
  const measure = () => instance.client.call("getStats", { params: { name: "busy" } });
  await sleep(500);
  const before = await measure();
  await sleep(4000);
  const after = await measure();
  const grown = (of: (cpu: typeof after.cpu) => number | null) => (of(after.cpu) ?? 0) - (of(before.cpu) ?? 0);
  const seconds = (Date.parse(after.at) - Date.parse(before.at)) / 1000;
  expect(grown((cpu) => cpu.usageSeconds) / seconds).toBeLessThan(0.55);
  // It got its half in most periods, and more was held back.
  expect(grown((cpu) => cpu.throttledPeriods) / grown((cpu) => cpu.periods)).toBeGreaterThan(0.6);
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
