import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { HostReport } from "../../lib/contract/host.ts";
import type { LabRun } from "../../lib/contract/lab.ts";
import { labs } from "../../lib/labs/labs.ts";
import { type Instance, projectRoot, startInstance } from "../support/instance.ts";
import { type CommandResult, runCommand } from "../support/run-command.ts";
import { Terminal } from "../support/terminal.ts";
import { until } from "../support/until.ts";

let instance: Instance;

beforeAll(async () => {
  instance = await startInstance();
});
afterAll(async () => {
  expect((await instance?.stop()) ?? []).toEqual([]);
});

const look = (lab: string): Promise<LabRun> => instance.client.call("getLabRun", { params: { lab } });
const taskOf = async (lab: string, id: string) => (await look(lab)).tasks.find((task) => task.id === id);

/** A terminal on a run of this lab, once its program has run and its shell asks. */
async function openTerminal(lab: string): Promise<Terminal> {
  const terminal = new Terminal(instance, await instance.client.call("openLabSession", { params: { lab } }));
  await terminal.until("the shell asks", () => terminal.text.split(`${lab} #`).length > 2);
  return terminal;
}

/** The folders and groups that labs have on this instance. */
function remains(): string[] {
  const { home, run } = instance.config;
  return [home, run].flatMap((folder) => readdirSync(join(folder, "labs")));
}

describe.each(labs)("the lab $name", (lab) => {
  let terminal: Terminal;

  beforeAll(async () => {
    const run = await instance.client.call("startLab", { params: { lab: lab.name } });
    expect(run.tasks).toEqual(lab.tasks.map(({ id }) => ({ id, done: false, now: false })));
    terminal = await openTerminal(lab.name);
  });
  afterAll(async () => {
    terminal?.close();
    await instance.client.call("endLab", { params: { lab: lab.name } });
    expect(remains()).toEqual([]);
  });

  it.each(lab.tasks)("$id: its check fails before, passes while it is so, and stays done", async ({ id, command }) => {
    expect(await taskOf(lab.name, id)).toEqual({ id, done: false, now: false });
    terminal.send(`${command}\r`);
    await until(`${id} is done`, async () => (await taskOf(lab.name, id))?.done);
    terminal.send(command.startsWith(lab.name) ? "\r" : "exit\r");
    await until(`${id} is over`, async () => !(await taskOf(lab.name, id))?.now);
    expect(await taskOf(lab.name, id)).toEqual({ id, done: true, now: false });
  });
});

describe("the limits of cgroup-limits", () => {
  afterAll(() => instance.client.call("endLab", { params: { lab: "cgroup-limits" } }));

  it("its first run shows them, is refused and made to wait; a killed process alone is no kill for memory", async () => {
    await instance.client.call("startLab", { params: { lab: "cgroup-limits" } });
    const terminal = await openTerminal("cgroup-limits");
    expect(terminal.text).toMatch(/limit +268435456 .*\/memory\.\S+/);
    expect(terminal.text).toMatch(/limit +64 .*pids\.max[\s\S]*Resource temporarily unavailable\s+processes +64 /);
    expect(terminal.text).toMatch(/0\.2 s of computing took (0\.[3-9]|[1-9]\d*\.\d) s\s+periods cut short +[1-9]/);
    terminal.send("(sleep 1005 & kill -9 $!; exec sleep 1006)\r");
    await until("it is a zombie", async () => {
      const parent = (await runCommand("pgrep", ["-f", "^sleep 1006$"])).stdout.trim();
      return parent && (await runCommand("pgrep", ["-P", parent, "--runstates", "Z"])).stdout;
    });
    await sleep(600);
    expect(await taskOf("cgroup-limits", "memory")).toEqual({ id: "memory", done: false, now: false });
    terminal.close();
  });

  it("the lab has no way to raise them", async () => {
    const terminal = await openTerminal("cgroup-limits");
    terminal.send("\x03");
    terminal.send(
      "clear; for file in $(find /sys/fs/cgroup -name pids.max -o -name memory.max -o -name memory.limit_in_bytes); do mount -o remount,rw $(dirname $file); echo 1000 > $file && echo raised-$?; done; echo end-$?\r",
    );
    await terminal.until("it is done", () => /end-\d/.test(terminal.text));
    expect(terminal.text).toMatch(/(memory\.max|memory\.limit_in_bytes): (Permission denied|Read-only file system)/);
    expect(terminal.text).toMatch(/pids\.max: (Permission denied|Read-only file system)/);
    expect(terminal.text).not.toMatch(/raised-\d/);
    terminal.close();
  });

  it("the program refuses to run where no limit is set", async () => {
    const program = join(projectRoot, "native/build/Release/lab-cgroup-limits");
    const { code, stderr } = await runCommand(program, ["memory"]);
    expect(code).toBe(1);
    expect(stderr).toContain("run this in a lab");
  });
});

describe("what labs leave alone", () => {
  afterEach(async () => {
    for (const { name } of labs) await instance.client.call("endLab", { params: { lab: name } });
  });

  it("no list shows a lab, and a second start joins the first", async () => {
    const run = await instance.client.call("startLab", { params: { lab: "fork" } });
    expect((await instance.client.call("startLab", { params: { lab: "fork" } })).id).toBe(run.id);
    expect((await instance.client.call("listContainers")).items).toEqual([]);
  });

  it("one that is stopped half-way leaves nothing behind, not even what hides in namespaces", async () => {
    const run = await instance.client.call("startLab", { params: { lab: "pid-namespaces" } });
    const terminal = await openTerminal("pid-namespaces");
    terminal.send("setsid unshare -pfm --mount-proc sleep 1004 & pid-namespaces nested\r");
    await until("it is nested", async () => (await taskOf("pid-namespaces", "nested"))?.now);
    await instance.client.call("endLab", { params: { lab: "pid-namespaces" } });
    await expect(look("pid-namespaces")).rejects.toThrow("does not run");
    expect(remains()).toEqual([]);
    const { stdout } = await runCommand("pgrep", ["-f", "^sleep 1004$"]);
    expect(stdout).toBe("");
    const groups = await runCommand("find", ["/sys/fs/cgroup", "-maxdepth", "4", "-name", run.id]);
    expect(groups.stdout).toBe("");
  });

  it("a shell that ends, ends its lab; its output stays until it is run again", async () => {
    const { id } = await instance.client.call("startLab", { params: { lab: "fork" } });
    const terminal = await openTerminal("fork");
    terminal.send("exit\r");
    await until("it has ended", async () => (await look("fork")).state === "ended");
    const again = await instance.client.call("startLab", { params: { lab: "fork" } });
    expect(again).toMatchObject({ state: "running" });
    expect(again.id).not.toBe(id);
  });

  it("root of a lab is nobody on the host, and can't touch it", async () => {
    await instance.client.call("startLab", { params: { lab: "chroot" } });
    const terminal = await openTerminal("chroot");
    terminal.send(
      "hostname mine; cat /proc/1/uid_map; echo 1 > /proc/sys/vm/drop_caches; date -s 2000-01-01; echo end-$?\r",
    );
    await terminal.until("it is done", () => /end-\d/.test(terminal.text));
    const shown = terminal.text;
    expect(shown).toMatch(/0\s+2147352576\s+65536/);
    expect(shown).toContain("Permission denied");
    expect(shown).toContain("end-1");
  });

  it("without signing in nobody runs one; an unknown one is not found", async () => {
    const answer = await fetch(`${instance.url}/api/v1/labs/fork/run`, { method: "POST" });
    expect(answer.status).toBe(401);
    await expect(instance.client.call("startLab", { params: { lab: "no-lab" } })).rejects.toThrow("No such lab");
  });

  it("with the worker a lab goes, whether it is ended or killed", async () => {
    await instance.client.call("startLab", { params: { lab: "fork" } });
    const { parts } = await instance.status();
    process.kill(parts.worker.process?.pid ?? 0, "SIGKILL");
    await until(
      "another worker answers",
      async () =>
        (await instance.client.call("health")).worker.status === "connected" &&
        (await instance.status()).parts.worker.process?.pid !== parts.worker.process?.pid,
    );
    await until(
      "nothing of it is left",
      async () => (await look("fork").catch(() => null)) === null && remains().length === 0,
    );
  });
});

describe("every program by itself", () => {
  const program = (name: string) => join(projectRoot, "native/build/Release", `lab-${name}`);
  const run = (name: string) => runCommand("unshare", ["-mpf", "--propagation=private", "--mount-proc", program(name)]);

  it("can be compiled alone", async () => {
    const files = labs.map(({ name }) => join(projectRoot, "native/labs", `${name}.cc`));
    const { code, stderr } = await runCommand("g++", ["-std=c++20", "-Wall", "-Wextra", "-fsyntax-only", ...files]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  it("fork copies memory, clone shares it or gives what is new", async () => {
    const { stdout } = await run("fork");
    expect(stdout).toMatch(/child \d+: number is now 2\n.*number is still 1/);
    expect(stdout).toMatch(/child \d+: number is now 2\n.*number is 2, too/);
    expect(stdout).toContain("my host name is inside");
  });

  it("pid-namespaces counts anew, and ends with its number 1", async () => {
    const { stdout } = await run("pid-namespaces");
    expect(stdout).toContain("getpid() is 1, getppid() is 0");
    expect(stdout).toMatch(/NSpid:\t1\n/);
    expect(stdout).toContain("nothing is left to wait for: true");
  });

  it("chroot is left by root, pivot_root is not", async () => {
    const { stdout } = await run("chroot");
    const [, jail, behind] = stdout.split(/\n\n/);
    expect(jail).toContain('after 64 times "..", / is the whole file system');
    expect(behind).toContain('after 64 times "..", / is the small root');
    expect(existsSync("/tmp/small-root/only-this")).toBe(false);
  });
});

describe("doctor", () => {
  const doctor = join(projectRoot, "native/build/Release/minirun-oci");

  it("says the same with and without a running MiniRun", async () => {
    const asked = HostReport.parse(JSON.parse((await instance.cli(["doctor", "--json"])).stdout));
    const { code, stdout } = await runCommand(doctor, ["doctor"]);
    expect(code).toBe(0);
    expect(HostReport.parse(JSON.parse(stdout)).findings.map(({ id, there }) => [id, there])).toEqual(
      asked.findings.map(({ id, there }) => [id, there]),
    );
    expect(asked.findings.filter(({ there, needed }) => needed && !there)).toEqual([]);
    expect((await instance.cli(["doctor", "--all"])).stdout).toContain("Containers can run.");
  });

  it("names what is missing where namespaces are refused, and ends with 1", async () => {
    const { code, stdout } = await asNobody(doctor);
    expect(code).toBe(1);
    const { findings } = HostReport.parse(JSON.parse(stdout));
    const pid = findings.find(({ id }) => id === "namespace-pid");
    expect(pid).toMatchObject({ there: false, needed: true, found: expect.stringContaining("EPERM") });
    expect(pid?.remedy).toContain("as root");
  });
});

/** As an ordinary user; the program is copied, for its folder may be closed to others. */
function asNobody(program: string): Promise<CommandResult> {
  const script = `folder=$(mktemp -d) && chmod 755 $folder && cp "$0" $folder/ && cd /
    setpriv --reuid=65534 --regid=65534 --clear-groups $folder/minirun-oci doctor; code=$?
    rm -r $folder; exit $code`;
  return runCommand("bash", ["-c", script, program]);
}
