import { afterAll, describe, expect, test } from "vitest";
import { native } from "./support/addon.ts";
import { Harness, script } from "./support/harness.ts";

const harness = new Harness();
afterAll(async () => expect(await harness.close()).toEqual([]));

const MiB = 1024 * 1024;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const usage = (cgroup: string) => native.cgroupStats(cgroup).cpu.usageNs;

describe("the freezer", () => {
  test("stops every process, and lets them go on", async () => {
    const container = harness.container((config) => script(config, "(while :; do :; done) & while :; do :; done"));
    await container.start();
    expect(native.cgroupIsFrozen(container.cgroup)).toBe(false);
    await native.cgroupFreeze(container.cgroup, true);
    expect(native.cgroupIsFrozen(container.cgroup)).toBe(true);
    const frozen = usage(container.cgroup);
    await pause(200);
    expect(usage(container.cgroup)).toBe(frozen);
    await native.cgroupFreeze(container.cgroup, true);
    await native.cgroupFreeze(container.cgroup, false);
    expect(native.cgroupIsFrozen(container.cgroup)).toBe(false);
    await expect.poll(() => usage(container.cgroup)).toBeGreaterThan(Number(frozen));
    await container.kill();
  });

  test("holds a container that forks all the time", async () => {
    const container = harness.container((config) => script(config, "while :; do /bin/true; done"));
    await container.start();
    for (let round = 0; round < 5; round += 1) {
      await native.cgroupFreeze(container.cgroup, true);
      await native.cgroupFreeze(container.cgroup, false);
    }
    await container.kill();
  });

  test("does not keep a frozen container from its end", async () => {
    const container = harness.container((config) => script(config, "while :; do :; done"));
    await container.start();
    await native.cgroupFreeze(container.cgroup, true);
    const begun = Date.now();
    await container.kill();
    expect(Date.now() - begun).toBeLessThan(4000);
  });

  test("of a group that is not there is an error", async () => {
    await expect(native.cgroupFreeze("/minirun-test-nothing/here", true)).rejects.toMatchObject({ code: "ENOENT" });
    expect(native.cgroupIsFrozen("/minirun-test-nothing/here")).toBe(false);
  });
});

describe("limits of a container that runs", () => {
  test("rise and fall", async () => {
    const container = harness.container((config) => {
      config.linux.resources.memory = { limit: 64 * MiB };
      config.linux.resources.pids = { limit: 20 };
      script(config, "while :; do sleep 0.1; done");
    });
    await container.start();
    const limits = () => {
      const { memory, pids } = native.cgroupStats(container.cgroup);
      return [memory.limit, pids.limit];
    };
    await native.cgroupUpdate(container.cgroup, { memoryBytes: 256 * MiB, cpuQuotaUs: 200_000, pids: 30 });
    expect(limits()).toEqual([256 * MiB, 30]);
    await native.cgroupUpdate(container.cgroup, { memoryBytes: 32 * MiB });
    expect(limits()).toEqual([32 * MiB, 30]);
    await container.kill();
  });

  test("below what is in use are refused, and then all stay as they were", async () => {
    const container = harness.container((config) => {
      config.linux.resources.memory = { limit: 128 * MiB };
      config.linux.resources.pids = { limit: 20 };
      // A shell variable holds it: memory that can't be reclaimed.
      script(config, "printf -v hold '%33554432s' x; echo held; while :; do sleep 0.1; done");
    });
    await container.start();
    const client = await container.attach();
    await client.untilText("held");
    await expect(native.cgroupUpdate(container.cgroup, { memoryBytes: 8 * MiB, pids: 5 })).rejects.toMatchObject({
      code: "EBUSY",
    });
    const { memory, pids } = native.cgroupStats(container.cgroup);
    expect([memory.limit, pids.limit]).toEqual([128 * MiB, 20]);
    expect(memory.oomKills).toBe(0);
    await container.kill();
  });
});

test("hanging the terminal up ends a shell that SIGTERM does not", async () => {
  const container = harness.container((config) => {
    config.process.terminal = true;
    config.process.args = ["/bin/bash", "--norc", "-i"];
  });
  await container.start();
  await pause(300);
  const client = await container.attach();
  expect(await client.signal(1, 2)).toMatchObject({ ok: true });
  await container.gone();
  expect(container.exitRecord().signal).toBeNull();
});
