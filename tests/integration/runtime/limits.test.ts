import { afterAll, describe, expect, test } from "vitest";
import { native } from "./support/addon.ts";
import { Harness, script } from "./support/harness.ts";

const harness = new Harness();
afterAll(async () => expect(await harness.close()).toEqual([]));

const MiB = 1024 * 1024;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("memory", () => {
  test("128 MiB under a limit of 64 MiB is killed, and the exit says why", async () => {
    const container = harness.container((config) => {
      config.linux.resources.memory = { limit: 64 * MiB };
      script(config, "set -o pipefail; head -c 134217728 /dev/zero | tail -c 134217728 | wc -c");
    });
    await container.start();
    expect(native.cgroupStats(container.cgroup).memory.limit).toBe(64 * MiB);
    await container.gone();
    expect(container.exitRecord()).toMatchObject({ exitCode: 137, reason: "out-of-memory" });
    // The kernel may have to kill more than one process of the pipeline.
    expect(container.exitRecord().oomKills).toBeGreaterThan(0);
  });

  test("a limit that no program can start under is an error with the kernel's numbers", async () => {
    const container = harness.container((config) => {
      config.linux.resources.memory = { limit: 256 * 1024 };
    });
    const report = await container.tryStart();
    expect(report).toMatchObject({ ok: false, code: "limit-too-small" });
    expect(report.details.memoryLimit).toBe(256 * 1024);
    expect(report.message).toContain("256 KiB");
    await container.gone();
    expect(native.cgroupList(harness.cgroupRoot)).toEqual([]);
  });
});

describe("cpu", () => {
  // Tried again where others leave it no half of a processor to use.
  test("a busy loop at half a processor uses half a processor", { retry: 3 }, async () => {
    const container = harness.container((config) => {
      config.linux.resources.cpu = { quota: 50_000, period: 100_000 };
      script(config, "while :; do :; done");
    });
    await container.start();
    await pause(300);
    const usage = () => native.cgroupStats(container.cgroup).cpu.usageNs ?? Number.NaN;
    const [used, began] = [usage(), process.hrtime.bigint()];
    await pause(5000);
    const share = (usage() - used) / Number(process.hrtime.bigint() - began);
    expect(share).toBeGreaterThan(0.45);
    expect(share).toBeLessThan(0.55);
    expect(native.cgroupStats(container.cgroup).cpu.throttledPeriods).toBeGreaterThan(0);
    await container.kill();
  });

  test("a quota that the kernel refuses is an error that names it", async () => {
    const container = harness.container((config) => {
      config.linux.resources.cpu = { quota: 10, period: 100_000 };
    });
    expect(await container.tryStart()).toMatchObject({
      ok: false,
      code: "limit-too-small",
      step: "cpu quota",
      errnoName: "EINVAL",
    });
    await container.gone();
  });
});

describe("processes", () => {
  test("forks stop at the limit", async () => {
    const container = harness.container((config) => {
      config.linux.resources.pids = { limit: 10 };
      script(config, "for i in $(seq 1 30); do sleep 100 & done; echo unreachable");
    });
    await container.start();
    const client = await container.attach();
    await client.untilText("fork: ", 0x83);
    const { current, limit } = native.cgroupStats(container.cgroup).pids;
    expect(limit).toBe(10);
    expect(current).toBe(10);
    await container.kill();
  });

  test("a limit of zero leaves no room for the first process", async () => {
    const container = harness.container((config) => {
      config.linux.resources.pids = { limit: 0 };
      script(config, "exit 0");
    });
    const report = await container.tryStart();
    if (report.ok) {
      // v1 counts forks and not who joins: the first process runs, and can make no second.
      expect(report.cgroup.version).toBe(1);
    } else {
      expect(report).toMatchObject({ code: "limit-too-small", call: "clone3", errnoName: "EAGAIN" });
    }
    await container.gone();
  });
});
