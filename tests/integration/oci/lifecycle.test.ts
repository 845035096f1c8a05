import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { native } from "../runtime/support/addon.ts";
import type { Config } from "../runtime/support/config.ts";
import { OciHarness, ociBinary } from "./support/oci.ts";

const harness = new OciHarness();
afterAll(async () => expect(await harness.close()).toEqual([]));

const idle = "trap 'exit 0' TERM; while :; do sleep 0.05; done";

/** An executable for x86-64 that ends within microseconds: its two headers, and exit(0). */
function tinyProgram(): Buffer {
  const code = Buffer.from("31ffb83c0000000f05", "hex"); // xor edi, edi; mov eax, 60; syscall
  const start = 0x400000;
  const headers = Buffer.alloc(64 + 56);
  headers.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  headers.writeUInt16LE(2, 16); // ET_EXEC
  headers.writeUInt16LE(62, 18); // EM_X86_64
  headers.writeUInt32LE(1, 20);
  headers.writeBigUInt64LE(BigInt(start + headers.length), 24);
  headers.writeBigUInt64LE(64n, 32);
  [64, 56, 1].forEach((value, at) => {
    headers.writeUInt16LE(value, 52 + 2 * at);
  });
  headers.writeUInt32LE(1, 64); // PT_LOAD
  headers.writeUInt32LE(5, 68); // readable, executable
  headers.writeBigUInt64LE(BigInt(start), 80);
  const size = BigInt(headers.length + code.length);
  for (const at of [96, 104]) headers.writeBigUInt64LE(size, at);
  headers.writeBigUInt64LE(4096n, 112);
  return Buffer.concat([headers, code]);
}

/** Starts a container ten times as a subreaper that reaps at once does, and prints what "start" complains of. */
const reapAtOnce = `
import ctypes, signal, subprocess, sys
oci, root, bundle = sys.argv[1:]
ctypes.CDLL(None).prctl(36, 1)  # PR_SET_CHILD_SUBREAPER
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
def call(*words):
    default = lambda: signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    return subprocess.run([oci, "--root", root, *words], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, preexec_fn=default).stderr.decode()
for number in range(10):
    name = f"short{number}"
    subprocess.run([oci, "--root", root, "create", "--bundle", bundle, name], stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                   preexec_fn=lambda: signal.signal(signal.SIGCHLD, signal.SIG_DFL))
    print(call("start", name), end="")
    call("delete", "--force", name)
`;

describe("create, start, kill, delete", () => {
  test("go through the specification's states", async () => {
    const container = harness.bundle(`echo started; ${idle}`);
    expect(container.create()).toMatchObject({ code: 0, stderr: "" });
    const pid = Number(readFileSync(container.pidFile, "utf8"));
    expect(container.state()).toMatchObject({ status: "created", pid, id: container.id, bundle: container.folder });
    expect(container.output()).toBe("");

    const unstarted = container.verb("delete");
    expect(unstarted.code).toBe(1);
    expect(unstarted.stderr).toMatch(/not stopped: it is created/);

    expect(container.verb("start")).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(container.state()).toMatchObject({ status: "running", pid });
    const again = container.verb("start");
    expect(again.code).toBe(1);
    expect(again.stderr).toMatch(/cannot start a container that is not in the state created: it is running/);
    const early = container.verb("delete");
    expect(early.code).toBe(1);
    expect(early.stderr).toMatch(/not stopped/);

    expect(container.verb("kill", "TERM").code).toBe(0);
    await container.untilStatus("stopped");
    expect(container.output()).toBe("started\n");
    const late = container.verb("kill", "KILL");
    expect(late.code).toBe(1);
    expect(late.stderr).toMatch(/container not running/);
    expect(container.verb("delete").code).toBe(0);
    const gone = container.verb("state");
    expect(gone.code).toBe(1);
    expect(gone.stderr).toMatch(/container does not exist/);
  });

  test("leave what has no process to run to start, which fails", async () => {
    const container = harness.bundle("true", (config) => {
      config.process = undefined as never;
    });
    expect(container.create()).toMatchObject({ code: 0, stderr: "" });
    const started = container.verb("start");
    expect(started.code).toBe(1);
    expect(started.stderr).toMatch(/config.json has no process to run/);
    await container.untilStatus("stopped");
    expect(container.verb("delete").code).toBe(0);
  });

  test.runIf(process.arch === "x64")("start what has ended and was reaped at once", () => {
    const program = join(harness.rootfs, "short");
    writeFileSync(program, tinyProgram(), { mode: 0o755 });
    const container = harness.bundle("", (config) => {
      config.process.args = ["/short"];
    });
    const { stdout, stderr } = spawnSync("python3", ["-c", reapAtOnce, ociBinary, harness.root, container.folder]);
    expect(`${stdout}${stderr}`).toBe("");
  });

  test("keep a name for one container", () => {
    const container = harness.bundle(idle);
    expect(container.create().code).toBe(0);
    const second = container.create();
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/there is one of this name already/);
    expect(container.state().status).toBe("created");
    expect(harness.call("delete", "--force", container.id).code).toBe(0);
  });

  test("leave nothing where create fails", () => {
    const container = harness.bundle("true", (config) => {
      config.root.path = "/nowhere/at/all";
    });
    const created = container.create();
    expect(created.code).toBe(1);
    expect(created.stderr).toMatch(/rootfs: open_tree on \/nowhere\/at\/all failed with ENOENT/);
    expect(container.verb("state").stderr).toMatch(/does not exist/);
    expect(existsSync(container.pidFile)).toBe(false);
    expect(native.cgroupList(harness.cgroupRoot)).not.toContain(container.id);
  });

  test("take the configuration as it was when the container was created", () => {
    const container = harness.bundle("echo first");
    expect(container.create().code).toBe(0);
    writeFileSync(join(container.folder, "config.json"), "{}");
    expect(container.verb("start").code).toBe(0);
    expect(harness.call("delete", "--force", container.id).code).toBe(0);
  });

  test("refuse what is no name", () => {
    for (const name of ["", ".", "..", ".hidden", "a/b", "a b", "x".repeat(256)])
      expect(harness.call("state", name)).toMatchObject({ code: 1, stderr: expect.stringMatching(/name: expected/) });
  });

  test("know a number that another process has by now", () => {
    const container = harness.bundle(idle);
    expect(container.create().code).toBe(0);
    const file = join(harness.root, container.id, "state.json");
    const record = JSON.parse(readFileSync(file, "utf8"));
    writeFileSync(file, JSON.stringify({ ...record, pid: process.pid }));
    expect(container.state().status).toBe("stopped");
    expect(container.verb("kill", "KILL").code).toBe(1);
    writeFileSync(file, JSON.stringify(record));
    expect(container.state().status).toBe("created");
    expect(harness.call("delete", "--force", container.id).code).toBe(0);
  });
});

describe("delete --force", () => {
  test("ends what runs, what is paused, and what is not there", async () => {
    for (const prepare of [[], ["start"], ["start", "pause"]]) {
      const container = harness.bundle(idle);
      expect(container.create().code).toBe(0);
      for (const verb of prepare) expect(container.verb(verb).code).toBe(0);
      const { pid } = container.state();
      expect(harness.call("delete", "--force", container.id).code).toBe(0);
      expect(existsSync(`/proc/${pid}/root`)).toBe(false);
      expect(native.cgroupList(harness.cgroupRoot)).not.toContain(container.id);
    }
    expect(harness.call("delete", "--force", "never-made").code).toBe(0);
    expect(harness.call("delete", "never-made").code).toBe(1);
  });

  test("takes away what a write that was cut off has left", () => {
    const container = harness.bundle(idle);
    expect(container.create().code).toBe(0);
    for (const name of ["config.json.new", "state.json.new"])
      writeFileSync(join(harness.root, container.id, name), "half a fi");
    expect(container.verb("delete", "--force")).toMatchObject({ code: 0, stderr: "" });
    expect(container.create()).toMatchObject({ code: 0, stderr: "" });
  });

  test("leaves a container alone that has come to live in the group of one that has ended", () => {
    const inGroup = ({ linux }: Config) => {
      linux.cgroupsPath = `${harness.cgroupRoot}/shared`;
    };
    const ended = harness.bundle("true", inGroup);
    expect(ended.run("--keep").code).toBe(0);
    const heir = harness.bundle(idle, inGroup);
    expect(heir.create().code).toBe(0);
    expect(heir.verb("start").code).toBe(0);
    expect(harness.call("delete", "--force", ended.id)).toMatchObject({ code: 0, stderr: "" });
    expect(ended.verb("state").code).toBe(1);
    expect(heir.state().status).toBe("running");
  });

  test("ends what was half made", () => {
    const container = harness.bundle(idle);
    expect(container.create().code).toBe(0);
    const { pid } = container.state();
    // As a creator leaves it that was killed before it wrote down whom it has made.
    const file = join(harness.root, container.id, "state.json");
    const record = JSON.parse(readFileSync(file, "utf8"));
    writeFileSync(file, JSON.stringify({ ...record, pid: 0, startTime: "" }));
    expect(container.state().status).toBe("creating");
    expect(harness.call("delete", "--force", container.id).code).toBe(0);
    expect(existsSync(`/proc/${pid}/root`)).toBe(false);
  });
});

describe("kill", () => {
  test("takes numbers, and names in any form", async () => {
    for (const [signal, code] of [
      ["15", 0],
      ["TERM", 0],
      ["SIGTERM", 0],
      ["sigterm", 0],
      ["NOSUCH", 1],
      ["999", 1],
    ] as const) {
      const container = harness.bundle(`trap 'exit 0' TERM; echo ready; while :; do sleep 0.05; done`);
      expect(container.create().code).toBe(0);
      expect(container.verb("start").code).toBe(0);
      await expect.poll(() => container.output(), { timeout: 10_000 }).toContain("ready");
      expect(container.verb("kill", signal).code).toBe(code);
      if (code === 0) await container.untilStatus("stopped");
      expect(harness.call("delete", "--force", container.id).code).toBe(0);
    }
  });

  test("--all signals every process", async () => {
    const container = harness.bundle(
      `bash -c "trap 'echo child; exit' USR1; while :; do sleep 0.05; done" & trap 'echo first' USR1; echo up; while :; do sleep 0.05; done`,
    );
    expect(container.create().code).toBe(0);
    expect(container.verb("start").code).toBe(0);
    const until = async (text: string) => {
      for (let round = 0; round < 200 && !container.output().includes(text); ++round)
        await new Promise((resolve) => setTimeout(resolve, 10));
      expect(container.output()).toContain(text);
    };
    await until("up");
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(harness.call("kill", "--all", container.id, "USR1").code).toBe(0);
    await until("first");
    await until("child");
    expect(harness.call("delete", "--force", container.id).code).toBe(0);
  });
});

describe("run", () => {
  test("passes output and exit code on, and leaves nothing", () => {
    const container = harness.bundle("echo out; echo err >&2; exit 7");
    expect(container.run()).toEqual({ code: 7, stdout: "out\n", stderr: "err\n" });
    expect(container.verb("state").code).toBe(1);
  });

  test("tells of a signal as shells do", async () => {
    const container = harness.bundle(idle);
    const runner = harness.spawn("run", "--bundle", container.folder, container.id);
    const ended = new Promise<number | null>((resolve) => runner.once("close", resolve));
    await container.untilStatus("running");
    expect(container.verb("kill", "KILL").code).toBe(0);
    expect(await ended).toBe(137);
  });

  test("is a container like any other for who looks from outside", async () => {
    const container = harness.bundle(`trap 'exit 5' TERM; while :; do sleep 0.05; done`);
    const runner = harness.spawn("run", "--bundle", container.folder, container.id);
    const ended = new Promise<number | null>((resolve) => runner.once("close", resolve));
    await container.untilStatus("running");
    expect(container.verb("exec", "echo", "inside")).toMatchObject({ code: 0, stdout: "inside\n" });
    await new Promise((resolve) => setTimeout(resolve, 100));
    runner.kill("SIGTERM"); // goes on to the container
    expect(await ended).toBe(5);
    expect(container.verb("state").code).toBe(1);
  });

  test("--detach returns once the program runs", async () => {
    const container = harness.bundle(idle);
    const args = ["run", "--detach", "--bundle", container.folder, container.id];
    expect(harness.callWithFiles(container.folder, ...args).code).toBe(0);
    expect(container.state().status).toBe("running");
    expect(harness.call("delete", "--force", container.id).code).toBe(0);
  });

  test("--keep leaves the state", () => {
    const container = harness.bundle("true");
    expect(container.run("--keep").code).toBe(0);
    expect(container.state().status).toBe("stopped");
    expect(container.verb("delete").code).toBe(0);
  });
});

describe("pause and resume", () => {
  test("hold up what was only created, too", () => {
    const container = harness.bundle(idle);
    expect(container.create().code).toBe(0);
    expect(container.verb("pause")).toMatchObject({ code: 0, stderr: "" });
    expect(container.state().status).toBe("paused");
    expect(container.verb("start")).toMatchObject({ code: 1, stderr: expect.stringMatching(/it is paused/) });
    expect(container.verb("resume")).toMatchObject({ code: 0, stderr: "" });
    expect(container.state().status).toBe("created");
    expect(container.verb("start")).toMatchObject({ code: 0, stderr: "" });
    expect(container.verb("delete", "--force").code).toBe(0);
  });

  test("freeze and let go on", () => {
    const container = harness.bundle(idle);
    expect(container.create().code).toBe(0);
    expect(container.verb("start").code).toBe(0);
    expect(container.verb("pause").code).toBe(0);
    expect(container.state().status).toBe("paused");
    expect(container.verb("pause").code).toBe(1);
    expect(container.verb("exec", "true")).toMatchObject({ code: 1, stderr: expect.stringMatching(/paused/) });
    expect(container.verb("resume").code).toBe(0);
    expect(container.state().status).toBe("running");
    expect(container.verb("resume").code).toBe(1);
    expect(harness.call("delete", "--force", container.id).code).toBe(0);
  });
});

describe("list, ps, trace", () => {
  test("show what there is", () => {
    const container = harness.bundle(idle);
    expect(container.create().code).toBe(0);
    expect(container.verb("start").code).toBe(0);
    const { pid } = container.state();
    const listed = JSON.parse(harness.call("list", "--format", "json").stdout);
    expect(listed).toContainEqual(expect.objectContaining({ id: container.id, pid, status: "running" }));
    expect(harness.call("list").stdout).toMatch(new RegExp(`${container.id} +${pid} running`));
    expect(JSON.parse(container.verb("ps", "--format", "json").stdout)).toContain(pid);
    expect(container.verb("ps").stdout).toMatch(new RegExp(`${pid} .* bash -c`));
    const { steps } = JSON.parse(container.verb("trace", "--format", "json").stdout);
    expect(steps.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(["clone", "pivot_root", "gate", "exec"]),
    );
    expect(steps.every(({ errno }: { errno: number }) => errno === 0)).toBe(true);
    expect(container.verb("trace").stdout).toMatch(/child +exec +execve/);
    expect(harness.call("delete", "--force", container.id).code).toBe(0);
  });
});
