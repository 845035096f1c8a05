import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Called, call, callOnTerminal, group, home, makeRootfs, removeGroups, runtime } from "./support/peers.ts";

const folder = join(home, "podman");
const env = { CONTAINERS_CONF: join(folder, "containers.conf") };
// A host may not let hard limits be raised, which podman asks for unless it is told what to ask for.
const settings = `
[containers]
default_ulimits = ["nofile=1024:1024"]
netns = "none"
cgroupns = "private"
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
`;

const global = ["--runtime", runtime, "--storage-driver", "vfs"];
const podman = (...args: string[]): Called => call("podman", [...global, ...args], { env });
const run = (...args: string[]) => podman("run", `--cgroup-parent=/${group}`, ...args);

beforeAll(() => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(env.CONTAINERS_CONF, settings);
  makeRootfs(join(folder, "rootfs"));
  expect(call("tar", ["-C", join(folder, "rootfs"), "-cf", join(folder, "rootfs.tar"), "."]).code).toBe(0);
  expect(podman("import", join(folder, "rootfs.tar"), "box")).toMatchObject({ code: 0 });
});

afterAll(() => {
  podman("rm", "--all", "--force", "--time", "0");
  removeGroups();
});

describe("podman", () => {
  test("runs a container to its end, and passes output, input and exit code on", () => {
    expect(run("--rm", "box", "echo", "hello")).toMatchObject({ code: 0, stdout: "hello\n" });
    expect(run("--rm", "box", "sh", "-c", "exit 7").code).toBe(7);
    const typed = call("podman", [...global, "run", `--cgroup-parent=/${group}`, "--rm", "-i", "box", "cat"], {
      env,
      input: "typed\n",
    });
    expect(typed).toMatchObject({ code: 0, stdout: "typed\n" });
  });

  test("gives it a terminal", () => {
    const args = [...global, "run", `--cgroup-parent=/${group}`, "--rm", "-t", "box", "tty"];
    expect(callOnTerminal("podman", args, env)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("/dev/pts/0"),
    });
  });

  test("tells a command that isn't there from one that may not be executed", () => {
    expect(run("--rm", "box", "nothing-of-that-name").code).toBe(127);
    expect(run("--rm", "box", "/etc").code).toBe(126);
  });

  test("sets limits, user, environment and a read-only root", () => {
    const inside =
      "id -u; echo $WHAT; cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null; touch /x";
    const options = ["--user", "7:7", "--env", "WHAT=ever", "--memory", "64m", "--pids-limit", "50", "--read-only"];
    const { stdout, stderr } = run("--rm", ...options, "box", "sh", "-c", inside);
    expect(stdout).toBe(`7\never\n${64 * 1024 * 1024}\n`);
    expect(stderr).toMatch(/touch: not found|Read-only file system/);
  });

  test("executes in a container, pauses, updates, stops and removes it", () => {
    expect(run("--detach", "--name", "one", "box", "sleep", "1000").code).toBe(0);
    expect(podman("exec", "one", "echo", "inside")).toMatchObject({ code: 0, stdout: "inside\n" });
    expect(podman("exec", "one", "sh", "-c", "exit 9").code).toBe(9);
    expect(podman("exec", "one", "nothing-of-that-name").code).toBe(127);
    expect(callOnTerminal("podman", [...global, "exec", "-t", "one", "tty"], env).stdout).toContain("/dev/pts/0");
    expect(podman("exec", "--detach", "one", "sleep", "1000").code).toBe(0);
    const status = () => podman("inspect", "--format", "{{.State.Status}}", "one").stdout.trim();
    expect(podman("pause", "one").code).toBe(0);
    expect(status()).toBe("paused");
    expect(podman("unpause", "one").code).toBe(0);
    expect(status()).toBe("running");
    const limit = () =>
      podman(
        "exec",
        "one",
        "sh",
        "-c",
        "cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max",
      ).stdout.trim();
    expect(podman("update", "--memory", "100m", "one").code).toBe(0);
    expect(limit()).toBe(String(100 * 1024 * 1024));
    const pid = podman("inspect", "--format", "{{.State.Pid}}", "one").stdout.trim();
    expect(readFileSync(`/proc/${pid}/cgroup`, "utf8")).toContain(`/${group}/libpod-`);
    expect(podman("stop", "--time", "0", "one").code).toBe(0);
    expect(status()).toBe("exited");
    expect(podman("start", "one").code).toBe(0);
    expect(podman("kill", "--signal", "KILL", "one").code).toBe(0);
    expect(podman("wait", "one").stdout.trim()).toBe("137");
    expect(podman("rm", "one").code).toBe(0);
  });
});
