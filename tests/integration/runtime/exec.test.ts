import { readFileSync, readlinkSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { native } from "./support/addon.ts";
import { TestExec } from "./support/exec.ts";
import { Harness, script, type TestContainer } from "./support/harness.ts";
import { opcodes } from "./support/shim-client.ts";

const harness = new Harness();
afterAll(async () => expect(await harness.close()).toEqual([]));

const idle = () => harness.container((config) => script(config, "trap 'exit 0' TERM; while :; do sleep 0.05; done"));

/** Executes a shell script with three pipes, to its end. */
async function run(container: TestContainer, command: string, change: object = {}): Promise<TestExec> {
  const exec = await new TestExec(container).start({ terminal: false, args: ["bash", "-c", command], ...change });
  expect(exec.report).toMatchObject({ ok: true });
  await exec.gone();
  return exec;
}

describe("a further process", () => {
  test("ends though what it leaves in the background goes on writing", async () => {
    const container = harness.container((config) => {
      config.linux.resources.cpu = {};
      script(config, "sleep 1000");
    });
    await container.start();
    const exec = await run(container, "echo said; for writer in {1..4}; do yes & done; exit 3");
    expect(exec.exitRecord()).toMatchObject({ exitCode: 3 });
    expect(exec.output()).toContain("said\n");
    await container.kill();
  });

  test("has the container's namespaces, group, capabilities and filter", async () => {
    const container = await idle().start();
    const exec = await new TestExec(container).start({ terminal: false, args: ["sleep", "1000"] });
    expect(exec.report).toMatchObject({ ok: true });
    const pids = [container.report.pid, exec.report.pid];
    for (const name of ["pid", "mnt", "uts", "ipc", "net", "cgroup"]) {
      const [first, further] = pids.map((pid) => readlinkSync(`/proc/${pid}/ns/${name}`));
      expect(further).toBe(first);
    }
    const [first, further] = pids.map((pid) => readFileSync(`/proc/${pid}/cgroup`, "utf8"));
    expect(further).toBe(first);
    const lines = (pid: number) =>
      readFileSync(`/proc/${pid}/status`, "utf8")
        .split("\n")
        .filter((line) => /^(Cap|NoNewPrivs|Seccomp:|Uid|Gid)/.test(line));
    expect(lines(exec.report.pid)).toEqual(lines(container.report.pid));
    expect(readlinkSync(`/proc/${exec.report.pid}/root`)).toBe("/");
    await container.kill();
    await exec.gone();
    expect(exec.exitRecord()).toMatchObject({ exitCode: 137, signal: "SIGKILL", reason: "signaled" });
  });

  test("has a terminal of the container's own, with size, job control and exit code", async () => {
    const container = await idle().start();
    const exec = await new TestExec(container).start({
      terminal: true,
      consoleSize: { width: 100, height: 30 },
      args: ["bash", "--norc", "--noprofile"],
    });
    const client = await exec.attach();
    expect(client.json(opcodes.ready)).toMatchObject({ tty: true, cols: 100, rows: 30 });
    client.type("tty; stty size; test -c $(tty) && echo it-is-$((1 + 1))\n");
    expect(await client.untilText("it-is-2")).toMatch(/\/dev\/pts\/\d+\r\n30 100/);
    client.resize(120, 40);
    client.type("stty size\n");
    await client.untilText("40 120");
    client.type("sh -c 'echo up-$((1 + 2)); exec sleep 1000'\n");
    await client.untilText("up-3");
    client.type("\x03");
    client.type("exit 7\n");
    expect(await client.untilExit()).toMatchObject({ exitCode: 7, signal: null, reason: "exited" });
    client.close();
    await exec.gone();
    await container.kill();
  });

  test("says on stderr, takes input to its end, and runs as who and where it was asked to", async () => {
    const container = await idle().start();
    const exec = await new TestExec(container).start({
      terminal: false,
      args: ["bash", "-c", "id -u; id -G; pwd; echo $WHAT; cat; echo err >&2"],
      env: ["PATH=/usr/bin:/bin", "WHAT=ever"],
      cwd: "/tmp",
      user: { uid: 1000, gid: 1000, additionalGids: [5] },
    });
    const client = await exec.attach();
    client.type("typed\n");
    client.send(opcodes.endOfInput);
    await client.untilExit();
    expect(client.text(opcodes.output)).toBe("1000\n1000 5\n/tmp\never\ntyped\n");
    expect(client.text(opcodes.errorOutput)).toBe("err\n");
    client.close();
    await exec.gone();
    await container.kill();
  });

  test("ends with its shim, and the container goes on", async () => {
    const container = await idle().start();
    const exec = await new TestExec(container).start({ terminal: false, args: ["sleep", "1000"] });
    process.kill(exec.shimPid, "SIGKILL");
    await exec.gone();
    await native.watchProcess(exec.report.pid, exec.report.startTime);
    expect(native.processStartTime(container.report.pid)).toBe(container.report.startTime);
    await container.kill();
  });

  test("ends with the container, also when that ends by itself", async () => {
    const container = await harness.container((config) => script(config, "read stop")).start();
    const exec = await new TestExec(container).start({ terminal: true, args: ["sleep", "1000"] });
    const first = await container.attach();
    first.type("stop\n");
    await first.untilExit();
    await container.gone();
    await exec.gone();
    expect(exec.exitRecord()).toMatchObject({ exitCode: 137 });
  });

  test("leaves every step in its trace", async () => {
    const container = await idle().start();
    const exec = await run(container, "true");
    const names = exec.trace().map(({ name }) => name);
    for (const name of ["container", "pid namespace", "clone", "namespaces", "user", "gate", "exec"])
      expect(names).toContain(name);
    expect(exec.trace().every(({ errno }) => errno === 0)).toBe(true);
    await container.kill();
  });
});

describe("from inside nobody reaches the host by it", () => {
  test("no descriptor but its own three is open", async () => {
    const container = await idle().start();
    const exec = await run(container, "for fd in /proc/self/fd/*; do readlink $fd; done");
    const links = exec.output().trim().split("\n");
    expect(links.filter((link) => !/^pipe:|^\/proc\/\d+\/fd$/.test(link))).toEqual([]);
    await container.kill();
  });

  test("nobody in the container can look into it before it executes its program", async () => {
    const container = harness.container((config) =>
      script(
        config,
        `while :; do for p in /proc/[0-9]*; do
           read name 2>/dev/null < $p/comm || continue
           [ "$name" = minirun:exec ] || continue
           echo seen; readlink $p/exe $p/cwd $p/root $p/fd/*
         done; done`,
      ),
    );
    await container.start();
    const seen = () => container.logText(1).split("seen").length - 1;
    for (let i = 0; i < 200 && seen() < 3; i += 1) await run(container, "true");
    await container.kill();
    expect(seen()).toBeGreaterThan(0);
    // A link that was read a moment later, when the program had been executed, names what is the container's.
    expect(container.logText(1)).not.toMatch(/memfd|anon_inode|socket|minirun-test/);
  });

  test("a working directory that leads out through a descriptor is not entered", async () => {
    const container = await idle().start();
    await run(container, "for n in {3..40}; do ln -s /proc/self/fd/$n /tmp/$n; done");
    for (let n = 3; n <= 40; n += 1) {
      const exec = await new TestExec(container).start({
        terminal: false,
        args: ["bash", "-c", "pwd -P"],
        cwd: `/tmp/${n}`,
      });
      await exec.gone();
      // One of them is of the container's own root.
      if (exec.report.ok) expect(exec.output()).toBe("/\n");
      else expect(exec.report).toMatchObject({ step: "enter directory" });
    }
    await container.kill();
  });

  test("what lies in the place of its terminal is not used", async () => {
    const container = harness.container((config) => {
      config.mounts = config.mounts.filter(({ type }) => type !== "devpts");
      script(config, "mkdir -p /dev/pts; echo fake > /dev/pts/ptmx; echo ready; sleep 1000");
    });
    await container.start();
    const client = await container.attach();
    await client.untilText("ready");
    const exec = await new TestExec(container).start({ terminal: true });
    expect(exec.report).toMatchObject({ ok: false, step: "terminal" });
    await container.kill();
  });
});

describe("what can't be executed", () => {
  test.each([
    [["no-such-program"], "command-not-found", "ENOENT"],
    [["/etc/passwd"], "command-not-executable", "EACCES"],
  ])("%s is %s", async (args, code, errnoName) => {
    const container = await idle().start();
    const exec = await new TestExec(container).start({ args });
    expect(exec.report).toMatchObject({ ok: false, code, errnoName, step: "find program" });
    // The shim, which waits for the process, may end after it.
    expect(exec.trace()).toContainEqual(expect.objectContaining({ name: "find program", errnoName }));
    await exec.gone();
    await container.kill();
  });

  test("in a container that has ended, or whose number is another process's, nothing is", async () => {
    const container = await idle().start();
    const reused = await new TestExec(container).start({}, { startTime: "1" });
    expect(reused.report).toMatchObject({ ok: false, code: "container-not-running" });
    const other = await new TestExec(container).start({}, { pid: process.pid });
    expect(other.report).toMatchObject({ ok: false, code: "container-not-running" });
    await container.kill();
    const late = await new TestExec(container).start({});
    expect(late.report).toMatchObject({ ok: false, code: "container-not-running" });
  });
});
