import { closeSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import type { Figure } from "../../../native/addon/index.d.ts";
import { native } from "./support/addon.ts";
import { Harness, script, type TestContainer } from "./support/harness.ts";

const harness = new Harness();
afterAll(async () => expect(await harness.close()).toEqual([]));

const MiB = 1024 * 1024;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function sample(container: TestContainer, process: { pid: number; startTime: string } | null) {
  const values = await native.sampleStatistics([{ cgroup: container.cgroup, process }]);
  const named = native.statisticsFigures.map((figure, index) => [figure, values[index]] as const);
  return Object.fromEntries(named) as Record<Figure, number>;
}

test("a container is measured with what this version of control groups tells", async () => {
  const container = harness.container((config) => {
    config.linux.resources = {
      memory: { limit: 64 * MiB },
      cpu: { quota: 50_000, period: 100_000 },
      pids: { limit: 32 },
    };
    script(config, "while :; do :; done");
  });
  await container.start();
  const { pid } = container.report;
  const process = { pid, startTime: native.processStartTime(pid) ?? "" };
  const first = await sample(container, process);
  await pause(1_000);
  const second = await sample(container, process);
  const cores = (second.cpuUsageNs - first.cpuUsageNs) / (second.monotonicNs - first.monotonicNs);
  expect(cores).toBeGreaterThan(0.05);
  expect(cores).toBeLessThan(0.75);
  expect(second).toMatchObject({
    cpuLimitCores: 0.5,
    memoryLimit: 64 * MiB,
    pidsLimit: 32,
    pidsCurrent: 1,
    oomKills: 0,
    receivedBytes: 0,
    sentPackets: 0,
  });
  expect(second.memoryCurrent).toBeGreaterThan(0);
  expect(second.memoryAnon).toBeGreaterThan(0);
  expect(second.cpuPeriods).toBeGreaterThan(0);
  if (native.probe().cgroup.version === 2) expect(second.memoryFile).toBeGreaterThanOrEqual(0);
  expect(Number.isNaN((await sample(container, null)).receivedBytes)).toBe(true);
  await container.kill();
});

test("its processes are listed by their pids inside, and one of them is signalled", async () => {
  const container = harness.container((config) => script(config, "sleep 100 & sleep 101 & wait"));
  await container.start();
  await expect.poll(async () => (await native.cgroupProcesses(container.cgroup, 10)).total).toBe(3);
  const { processes } = await native.cgroupProcesses(container.cgroup, 10);
  const byPid = [...processes].sort((a, b) => a.pid - b.pid);
  expect(byPid[0]).toMatchObject({ pid: 1, uid: 0, threads: 1 });
  expect(byPid[1]?.hostParentPid).toBe(byPid[0]?.hostPid);
  expect((await native.cgroupProcesses(container.cgroup, 1)).processes.length).toBe(1);
  await native.cgroupSignal(container.cgroup, byPid[1]?.pid ?? 0, 9);
  await expect.poll(async () => (await native.cgroupProcesses(container.cgroup, 10)).total).toBe(2);
  await expect(native.cgroupSignal(container.cgroup, 29_999, 9)).rejects.toMatchObject({ code: "ESRCH" });
  await container.kill();
});

test("the root of a running container is reached, and nothing beyond it", async () => {
  const container = harness.container((config) => script(config, "ln -s /etc/passwd /etc/trap; sleep 100"));
  await container.start();
  const { pid } = container.report;
  const root = await native.openProcessRoot(pid, native.processStartTime(pid) ?? "");
  const etc = await native.openEntry(root, "/../../etc", true);
  expect(etc.type).toBe("directory");
  await expect(native.openEntry(root, "/proc/1/root/etc", true)).rejects.toMatchObject({ code: "ELOOP" });
  await expect(native.openProcessRoot(pid, "1")).rejects.toMatchObject({ code: "ESRCH" });
  for (const fd of [root, etc.fd]) closeSync(fd);
  await container.kill();
});
