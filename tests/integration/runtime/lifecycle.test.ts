import { existsSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { native } from "./support/addon.ts";
import { Harness, script } from "./support/harness.ts";
import { opcodes } from "./support/shim-client.ts";

const harness = new Harness();
afterAll(async () => expect(await harness.close()).toEqual([]));

describe("a container with a terminal", () => {
  test("runs its program as process 1, alone", async () => {
    const container = await harness.container().start();
    const client = await container.attach();
    client.type("ps -e -o pid,comm; hostname; tty; echo done-$?\n");
    const text = await client.untilText("done-0");
    expect(text).toMatch(/\n\s*1 bash/);
    expect(text).toContain("tested");
    expect(text).toContain("/dev/pts/0");
    expect(text.match(/^\s*\d+ \w+\r$/gm)).toHaveLength(2);
    client.type("exit 7\n");
    expect(await client.untilExit()).toEqual({ exitCode: 7, signal: null, reason: "exited", oomKills: 0 });
    await container.gone();
    expect(container.exitRecord()).toMatchObject({ exitCode: 7, signal: null, reason: "exited", oomKills: 0 });
    expect(existsSync(container.socket)).toBe(false);
    expect(native.cgroupList(harness.cgroupRoot)).toEqual([]);
  });

  test("reports who its processes are", async () => {
    const container = await harness.container().start();
    const { pid, startTime } = container.report;
    expect(native.processStartTime(pid)).toBe(startTime);
    const identity = JSON.parse(readFileSync(join(container.run, "pid.json"), "utf8"));
    expect(identity).toMatchObject({
      pid,
      startTime,
      shimPid: container.shimPid,
      shimStartTime: container.shimStartTime,
    });
    expect(identity.bootId).toBe(readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
    expect(readFileSync(`/proc/${container.shimPid}/comm`, "utf8")).toBe("minirun-shim\n");
    expect(readFileSync(`/proc/${container.shimPid}/cmdline`, "utf8")).toContain(container.id.slice(0, 8));
    expect(readlinkSync(`/proc/${container.shimPid}/exe`)).toContain("memfd:minirun-shim");
    await container.kill();
  });

  test("leaves a trace of every step, in order and without errors", async () => {
    const container = await harness.container().start();
    const steps = container.trace();
    const names = steps.map((step) => step.name);
    const order = ["cgroup", "overlay", "clone", "mount /proc", "terminal", "pivot_root", "gate", "seccomp", "exec"];
    expect(names.filter((name) => order.includes(name))).toEqual(order);
    expect(steps.filter((step) => step.errno !== 0)).toEqual([]);
    expect(steps.find((step) => step.name === "mount /proc")?.setting).toBe("/mounts/0");
    expect(steps.every((step) => step.startNs >= 0 && step.durationNs >= 0)).toBe(true);
    await container.kill();
  });

  test("is created before it is started: at the gate the program has not run", async () => {
    const container = await harness.container().start();
    const steps = container.trace();
    const step = (name: string) => {
      const found = steps.find((one) => one.name === name);
      if (!found) throw new Error(`no step ${name}`);
      return found;
    };
    const created = step("created");
    expect(step("exec").startNs).toBeGreaterThanOrEqual(created.startNs + created.durationNs);
    expect(step("gate").startNs + step("gate").durationNs).toBeGreaterThanOrEqual(created.startNs + created.durationNs);
    await container.kill();
  });
});

describe("how a container ends", () => {
  test.each([
    ["exit 0", { exitCode: 0, signal: null, reason: "exited" }],
    ["exit 3", { exitCode: 3, signal: null, reason: "exited" }],
  ])("%s", async (command, expected) => {
    const container = harness.container((config) => script(config, command));
    expect((await container.output()).exit).toMatchObject(expected);
  });

  test("by a signal that its program takes", async () => {
    const container = await harness
      .container((config) => script(config, "trap 'exit 9' TERM; echo ready; while :; do sleep 0.1; done"))
      .start();
    const client = await container.attach();
    await client.untilText("ready");
    process.kill(container.shimPid, "SIGTERM");
    expect(await client.untilExit()).toMatchObject({ exitCode: 9, reason: "exited" });
    await container.gone();
  });

  test("by SIGKILL to every process", async () => {
    const container = await harness.container((config) => script(config, "sleep 1000 & echo ready; wait")).start();
    const client = await container.attach();
    await client.untilText("ready");
    expect(await client.signal(9, 1)).toEqual({ ok: true });
    expect(await client.untilExit()).toEqual({ exitCode: 137, signal: "SIGKILL", reason: "signaled", oomKills: 0 });
    await container.gone();
  });

  test("a connection that never attaches hears of the exit", async () => {
    const container = await harness.container((config) => script(config, "read line; exit 5")).start();
    const watcher = await container.connect();
    const client = await container.attach();
    client.send(opcodes.endOfInput);
    expect(await watcher.untilExit()).toMatchObject({ exitCode: 5 });
    expect(watcher.frames.map((frame) => frame.opcode)).toEqual([opcodes.exit]);
    await container.gone();
  });

  test("kill -9 of the shim kills the container at once", async () => {
    const container = await harness.container().start();
    const { pid, startTime } = container.report;
    process.kill(container.shimPid, "SIGKILL");
    await native.watchProcess(pid, startTime);
    await container.gone();
    expect(existsSync(join(container.run, "exit.json"))).toBe(false);
    await native.cgroupKill(container.cgroup);
    expect(native.cgroupList(harness.cgroupRoot)).toEqual([]);
  });
});
