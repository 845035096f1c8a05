import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call, callOnTerminal, group, home, makeRootfs, removeGroups, runtime } from "./support/peers.ts";

const folder = join(home, "containerd");
const rootfs = join(folder, "rootfs");
const socket = join(folder, "containerd.sock");
const settings = `
version = 2
root = "/var/lib/containerd"
state = "/run/containerd"
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs",
  "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.aufs"]
[grpc]
address = "${socket}"
`;
let daemon: ChildProcess;

const words = (args: string[]) => ["--address", socket, "--namespace", group, ...args];
const ctr = (...args: string[]) => call("ctr", words(args));
const run = (...args: string[]) => ctr("run", "--runc-binary", runtime, ...args);
const exec = (...args: string[]) => ctr("task", "exec", "--exec-id", `e${++count}`, ...args);
let count = 0;

async function until(holds: () => boolean): Promise<void> {
  for (let round = 0; round < 500 && !holds(); ++round) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(holds()).toBe(true);
}

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  makeRootfs(rootfs);
  writeFileSync(join(folder, "config.toml"), settings);
  daemon = spawn("containerd", ["--config", join(folder, "config.toml")], { stdio: "ignore" });
  await until(() => existsSync(socket) && ctr("version").code === 0);
});

afterAll(async () => {
  const ended = new Promise((resolve) => daemon.once("exit", resolve));
  daemon.kill();
  await ended;
  removeGroups();
});

describe("containerd", () => {
  test("runs a container to its end, and passes output and exit code on", () => {
    expect(run("--rm", "--rootfs", rootfs, "one", "/bin/echo", "hello")).toMatchObject({ code: 0, stdout: "hello\n" });
    expect(run("--rm", "--rootfs", rootfs, "two", "/bin/sh", "-c", "exit 7").code).toBe(7);
  });

  test("gives it a terminal", () => {
    const args = words(["run", "--runc-binary", runtime, "--rm", "-t", "--rootfs", rootfs, "three", "/bin/tty"]);
    expect(callOnTerminal("ctr", args)).toMatchObject({ code: 0, stdout: expect.stringContaining("/dev/pts/0") });
  });

  test("hears by the log why a container can't be made", () => {
    expect(run("--rm", "--rootfs", rootfs, "four", "/bin/nothing").stderr).toMatch(
      /OCI runtime create failed: exec: "\/bin\/nothing": stat \/bin\/nothing: no such file or directory/,
    );
    ctr("container", "rm", "four");
  });

  test("executes in a container, lists, pauses, measures, stops and removes it", async () => {
    const limits = ["--memory-limit", String(64 * 1024 * 1024)];
    expect(run("--detach", ...limits, "--rootfs", rootfs, "five", "/bin/sleep", "1000").code).toBe(0);
    expect(exec("five", "/bin/echo", "inside")).toMatchObject({ code: 0, stdout: "inside\n" });
    expect(exec("five", "/bin/sh", "-c", "exit 9").code).toBe(9);
    expect(exec("five", "/bin/nothing").stderr).toMatch(/OCI runtime exec failed: exec: "\/bin\/nothing"/);
    const terminal = words(["task", "exec", "--exec-id", "terminal", "-t", "five", "/bin/tty"]);
    expect(callOnTerminal("ctr", terminal).stdout).toContain("/dev/pts/0");
    const status = () => /five +\d+ +(\w+)/.exec(ctr("task", "ls").stdout)?.[1];
    expect(ctr("task", "ps", "five").stdout.trim().split("\n")).toHaveLength(2);
    expect(ctr("task", "pause", "five").code).toBe(0);
    expect(status()).toBe("PAUSED");
    expect(ctr("task", "resume", "five").code).toBe(0);
    expect(status()).toBe("RUNNING");
    expect(ctr("task", "metrics", "five").stdout).toMatch(new RegExp(`memory\\S* +${64 * 1024 * 1024}`));
    expect(ctr("task", "kill", "--signal", "KILL", "five").code).toBe(0);
    await until(() => status() === "STOPPED");
    expect(ctr("task", "rm", "five").stderr).toMatch(/exit code 137/);
    expect(ctr("container", "rm", "five").code).toBe(0);
  });
});
