import { existsSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type OciContainer, OciHarness } from "./support/oci.ts";

const harness = new OciHarness();
let container: OciContainer;

beforeAll(() => {
  container = harness.bundle("trap 'exit 0' TERM; while :; do sleep 0.05; done");
  expect(container.create().code).toBe(0);
  expect(container.verb("start").code).toBe(0);
});
afterAll(async () => expect(await harness.close()).toEqual([]));

const exec = (...words: string[]) => harness.call("exec", ...words);

/** An OCI process object in a file, as conmon and containerd hand it over. */
function processFile(change: object): string {
  const file = join(container.folder, "process.json");
  const { process } = JSON.parse(readFileSync(join(container.folder, "config.json"), "utf8"));
  writeFileSync(file, JSON.stringify({ ...process, ...change }));
  return file;
}

describe("exec", () => {
  test("runs a command in the container's namespaces and group, and passes its exit code on", () => {
    const namespaces = "for n in pid mnt uts ipc net cgroup; do readlink /proc/self/ns/$n; done; cat /proc/self/cgroup";
    const { code, stdout } = exec(container.id, "bash", "-c", `${namespaces}; exit 9`);
    const { pid } = container.state();
    const expected = ["pid", "mnt", "uts", "ipc", "net", "cgroup"].map((name) =>
      readlinkSync(`/proc/${pid}/ns/${name}`),
    );
    expect(stdout.split("\n").slice(0, 6)).toEqual(expected);
    expect(code).toBe(9);
  });

  test("enters the root of a container that stays in the host's mount namespace", ({ skip }) => {
    const inHosts = harness.bundle("trap 'exit 0' TERM; while :; do sleep 0.05; done", ({ linux }) => {
      linux.namespaces = linux.namespaces.filter(({ type }) => type !== "mount");
    });
    const created = inHosts.create();
    if (created.stderr.includes("Linux 6.15")) return skip(created.stderr);
    expect(created).toMatchObject({ code: 0 });
    expect(inHosts.verb("start").code).toBe(0);
    const { stdout } = exec(inHosts.id, "bash", "-c", "cd ..; pwd; readlink /proc/self/ns/mnt; ls -d /proc/1");
    expect(stdout).toBe(`/\n${readlinkSync("/proc/self/ns/mnt")}\n/proc/1\n`);
    expect(readFileSync("/proc/self/mountinfo", "utf8")).not.toContain(harness.home);
  });

  test("takes options of its own and leaves the command's alone", () => {
    const options = [
      "--env",
      "WHAT=ever",
      "-e",
      "EMPTY=",
      "--cwd",
      "/tmp",
      "--user",
      "1000:1001",
      "-g",
      "5",
      "-g",
      "6",
    ];
    const { stdout } = exec(...options, container.id, "sh", "-c", "id -u; id -G; pwd; echo $WHAT");
    expect(stdout).toBe("1000\n1001 5 6\n/tmp\never\n");
    const capable = exec("--cap", "CAP_SYS_NICE", container.id, "grep", "-c", "");
    expect(capable.code).toBe(127);
    const sets = (...extra: string[]) =>
      exec(...extra, container.id, "cat", "/proc/self/status").stdout.match(/CapEff:\t(\w+)/)?.[1];
    expect(BigInt(`0x${sets("--cap", "CAP_SYS_NICE")}`) - BigInt(`0x${sets()}`)).toBe(1n << 23n);
  });

  test("takes a process object", () => {
    const file = processFile({
      args: ["sh", "-c", "echo $WHO; id -u"],
      env: ["PATH=/bin", "WHO=file"],
      user: { uid: 7, gid: 7 },
    });
    expect(exec("--process", file, container.id)).toMatchObject({ code: 0, stdout: "file\n7\n" });
    const broken = processFile({ args: [] });
    expect(exec("--process", broken, container.id)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/\/args has no command/),
    });
  });

  test("--detach leaves the process to its caller's subreaper, with its number in a file", async () => {
    const pidFile = join(container.folder, "exec.pid");
    const file = processFile({ args: ["sleep", "1000"] });
    const called = harness.callWithFiles(
      container.folder,
      "exec",
      "--detach",
      "--pid-file",
      pidFile,
      "--process",
      file,
      container.id,
    );
    expect(called.code).toBe(0);
    const pid = Number(readFileSync(pidFile, "utf8"));
    expect(readFileSync(`/proc/${pid}/cmdline`, "utf8")).toBe("sleep\x001000\0");
    expect(JSON.parse(container.verb("ps", "--format", "json").stdout)).toContain(pid);
    process.kill(pid, "SIGKILL");
  });

  test("tells a program that is not there from one that may not be executed, in the words that clients read", () => {
    expect(exec(container.id, "nothing-of-that-name")).toMatchObject({
      code: 127,
      stderr: expect.stringMatching(/exec: "nothing-of-that-name": executable file not found in \$PATH/),
    });
    expect(exec(container.id, "/not/there")).toMatchObject({
      code: 127,
      stderr: expect.stringMatching(/exec: "\/not\/there": stat \/not\/there: no such file or directory/),
    });
    expect(exec(container.id, "/etc/passwd")).toMatchObject({
      code: 126,
      stderr: expect.stringMatching(/exec: "\/etc\/passwd": permission denied/),
    });
  });

  test("writes failures as JSON where the client reads them", () => {
    const log = join(harness.home, "log.json");
    expect(harness.call("--log", log, "--log-format", "json", "exec", container.id, "nothing").code).toBe(127);
    const line = JSON.parse(readFileSync(log, "utf8"));
    expect(line).toMatchObject({ level: "error", msg: expect.stringMatching(/executable file not found/) });
    expect(Date.parse(line.time)).toBeGreaterThan(Date.now() - 60_000);
  });

  test("--ignore-paused enters a paused container, which has to go on", async () => {
    const paused = harness.bundle("sleep 1000");
    expect(paused.create().code).toBe(0);
    expect(paused.verb("start").code).toBe(0);
    expect(paused.verb("pause").code).toBe(0);
    expect(paused.verb("exec", "true").stderr).toContain("cannot exec in a container that is paused");
    const child = harness.spawn("exec", "--ignore-paused", paused.id, "echo", "went on");
    let shown = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes) => (shown += bytes));
    const code = new Promise((resolve) => child.once("close", resolve));
    const processes = () => JSON.parse(paused.verb("ps", "--format", "json").stdout).length;
    await expect.poll(processes).toBe(2);
    expect(paused.verb("resume").code).toBe(0);
    expect([await code, shown]).toEqual([0, "went on\n"]);
  });

  test("refuses a container that has ended", () => {
    const ended = harness.bundle("true");
    expect(ended.run("--keep").code).toBe(0);
    expect(ended.verb("exec", "true")).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/cannot exec in a container that is stopped/),
    });
    expect(ended.verb("delete").code).toBe(0);
  });
});

describe("create", () => {
  test("says at once that the program is not there", () => {
    const missing = harness.bundle("true", (config) => {
      config.process.args = ["nothing-of-that-name"];
    });
    const created = missing.create();
    expect(created.code).toBe(127);
    expect(created.stderr).toMatch(/exec: "nothing-of-that-name": executable file not found in \$PATH/);
    expect(existsSync(missing.pidFile)).toBe(false);
    expect(missing.verb("state").code).toBe(1);
  });
});

describe("descriptors", () => {
  test("are the program's only where that was asked for", () => {
    const listing = harness.bundle("for n in 3 4 5; do [ -e /proc/$$/fd/$n ] && echo $n; done; true");
    const run = (options: string) => {
      const words = `run ${options} --bundle ${listing.folder} ${listing.id}`;
      return harness.shell(`exec 3</dev/null 4</dev/null 5</dev/null; exec "$OCI" ${words}`).stdout;
    };
    expect(run("")).toBe("");
    expect(run("--preserve-fds 2")).toBe("3\n4\n");
  });
});
