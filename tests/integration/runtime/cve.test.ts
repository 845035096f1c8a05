// One test for each way out of a container that runtimes have had; tests/mutations shows that each fails without
// the guard that it is about.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OciHarness, ociBinary } from "../oci/support/oci.ts";
import { native } from "./support/addon.ts";
import type { Config } from "./support/config.ts";
import { TestExec } from "./support/exec.ts";
import { Harness, script, type TestContainer } from "./support/harness.ts";

const harness = new Harness();
const oci = new OciHarness();
afterAll(async () => {
  expect(await harness.close()).toEqual([]);
  expect(await oci.close()).toEqual([]);
});

/** A path of the host for a test, where nothing of a container may come to be. */
function outside(name: string): string {
  const path = join(harness.home, "outside", name);
  mkdirSync(path, { recursive: true });
  return path;
}

/** Where `path` of a container's root filesystem lies on the host before it starts; its directory is there. */
function inRootfs(container: TestContainer, path: string): string {
  const file = join(container.state, "upper", path);
  mkdirSync(dirname(file), { recursive: true });
  return file;
}

/** Refused with this step and errno, and nothing is left of it. */
async function expectRefused(container: TestContainer, step: string, errnoName: string): Promise<void> {
  expect(await container.tryStart()).toMatchObject({ ok: false, step, errnoName });
  await container.gone();
}

const idle = (config: Config) => script(config, "trap 'exit 0' TERM; while :; do sleep 0.05; done");
const withoutMount = (config: Config, destination: string) => {
  config.mounts = config.mounts.filter((mount) => mount.destination !== destination);
};
const bind = (source: string, destination: string) => ({ destination, type: "bind", source, options: ["bind"] });

/** Fields of /proc/PID/status. */
function status(pid: number, name: string): string | undefined {
  return new RegExp(`^${name}:[ \\t]*(.*)$`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
}

/** A network parameter as the container's network namespace has it. */
function networkParameter(pid: number, path: string): string {
  return execFileSync("nsenter", ["-t", String(pid), "-n", "cat", path], { encoding: "utf8" }).trim();
}

describe("CVE-2019-5736: the runtime's own executable, which a container has executed by /proc/self/exe", () => {
  // Waits for a process that executes the runtime and is held up by a pipe, keeps its executable, and writes to it
  // once nobody executes it any more.
  const attack = `
    mkdir /tmp/bundle && mknod /tmp/bundle/config.json p && echo ready
    while :; do for process in /proc/[0-9]*; do
      mapfile -d '' words 2>/dev/null < $process/cmdline
      [[ "\${words[*]}" == "/proc/self/exe "* ]] || continue
      exec 9< $process/exe
      kill -9 \${process#/proc/}
      for try in {1..10}; do
        (echo overwritten >> /proc/self/fd/9) 2>/dev/null && echo written && exit
        sleep 0.05
      done
      echo refused; exit
    done; done`;

  test("minirun-oci can't be overwritten", async () => {
    const digest = () => createHash("sha256").update(readFileSync(ociBinary)).digest("hex");
    const before = digest();
    const container = oci.bundle(attack);
    expect(container.create()).toMatchObject({ code: 0 });
    expect(container.verb("start")).toMatchObject({ code: 0 });
    await expect.poll(() => container.output()).toContain("ready");
    container.verb("exec", "/proc/self/exe", "create", "--bundle", "/tmp/bundle", "again");
    await expect.poll(() => container.output(), { timeout: 10_000 }).toMatch(/written|refused/);
    expect(container.output()).toContain("refused");
    expect(digest()).toBe(before);
  });

  test("the shim is a copy in memory that nobody can change", async () => {
    const container = await harness.container(idle).start();
    const seals = execFileSync("python3", [
      "-c",
      "import fcntl, os, sys; print(fcntl.fcntl(os.open(sys.argv[1], os.O_RDONLY), fcntl.F_GET_SEALS))",
      `/proc/${container.shimPid}/exe`,
    ]);
    const [seal, shrink, grow, write] = [1, 2, 4, 8];
    expect(Number(seals)).toBe(seal + shrink + grow + write);
    await container.kill();
  });
});

describe("what is written to the kernel goes to the kernel, whatever is mounted over it", () => {
  const parameter = "/proc/sys/net/ipv4/ip_forward";

  async function expectWritten(prepare: (config: Config, decoy: string) => void): Promise<void> {
    const decoy = join(outside("decoy"), "ip_forward");
    writeFileSync(decoy, "untouched");
    const container = harness.container((config) => {
      Object.assign(config.linux, { sysctl: { "net.ipv4.ip_forward": "1" } });
      config.linux.maskedPaths = config.linux.readonlyPaths = [];
      prepare(config, decoy);
      idle(config);
    });
    await container.start();
    expect(networkParameter(container.report.pid, parameter)).toBe("1");
    expect(readFileSync(decoy, "utf8")).toBe("untouched");
    await container.kill();
  }

  test("CVE-2019-16884: a volume in the place of /proc", async () => {
    await expectWritten((config, decoy) => {
      const fake = outside("fake-proc");
      mkdirSync(join(fake, "sys/net/ipv4"), { recursive: true });
      symlinkSync(decoy, join(fake, "sys/net/ipv4/ip_forward"));
      config.mounts[0] = bind(fake, "/proc");
      config.mounts.push(bind(dirname(decoy), dirname(decoy)));
    });
  });

  test("CVE-2025-52881: a volume over the file that is to be written", async () => {
    await expectWritten((config, decoy) => config.mounts.push(bind(decoy, parameter)));
  });
});

test("CVE-2019-19921: a root filesystem whose /proc is a link", async () => {
  const container = harness.container((config, self) => {
    symlinkSync("etc", inRootfs(self, "proc"));
    idle(config);
  });
  await expectRefused(container, "mount /proc", "ELOOP");
});

test("CVE-2023-27561: a root filesystem whose /sys is a link into a volume", async () => {
  const container = harness.container((config, self) => {
    mkdirSync(join(outside("volume"), "sys"), { recursive: true });
    config.mounts.unshift(bind(outside("volume"), "/volume"));
    symlinkSync("/volume/sys", inRootfs(self, "sys"));
    idle(config);
  });
  await expectRefused(container, "mount /sys", "ELOOP");
});

describe("a link in the way to a mount point that leads outside", () => {
  /** /data is a link to a directory of the host, which the root filesystem has too. */
  function withLink(target: string, mount: (source: string) => Config["mounts"][number], file: string) {
    return harness.container((config, self) => {
      mkdirSync(inRootfs(self, join(target, "here")), { recursive: true });
      symlinkSync(target, inRootfs(self, "data"));
      const source = outside("source");
      writeFileSync(join(source, "file"), "from the volume");
      config.mounts.push(mount(source));
      script(config, `cat ${file}`);
    });
  }

  test("CVE-2021-30465: is followed inside, so nothing is mounted on the host's", async () => {
    const target = outside("mounted");
    const file = (source: string) => bind(join(source, "file"), "/data/file");
    expect((await withLink(target, file, "/data/file").output()).stdout).toBe("from the volume");
    expect(readdirSync(target)).toEqual([]);
  });

  test("CVE-2024-45310: is followed inside, so nothing is made on the host", async () => {
    const target = outside("made");
    const deep = (source: string) => bind(source, "/data/new/place");
    expect((await withLink(target, deep, "/data/new/place/file").output()).stdout).toBe("from the volume");
    expect(readdirSync(target)).toEqual([]);
  });
});

test("CVE-2021-25741: a bind's source that has become a link since it was allowed is not followed", async () => {
  const container = harness.container((config) => {
    const allowed = outside("allowed");
    symlinkSync(outside("not-allowed"), join(allowed, "swapped"));
    config.annotations["dev.minirun.binds"] = "real-paths";
    config.mounts.push(bind(join(allowed, "swapped"), "/data"));
    idle(config);
  });
  await expectRefused(container, "prepare /data", "ELOOP");
});

describe("user switching", () => {
  test("a container is in no group that whoever started it is in (setgroups)", () => {
    const container = oci.bundle("sleep 1000");
    const create = `"$OCI" create --bundle ${container.folder} ${container.id} < /dev/null > /dev/null 2>&1`;
    expect(oci.shell(`setpriv --groups 4242 bash -c '${create}'`)).toMatchObject({ code: 0 });
    expect(container.verb("start")).toMatchObject({ code: 0 });
    expect(status(container.state().pid, "Groups")?.trim()).toBe("");
  });

  test("a directory that the user may not enter is not entered as root", async () => {
    const container = harness.container((config, self) => {
      chmodSync(dirname(inRootfs(self, "closed/inside/file")), 0o755);
      chmodSync(inRootfs(self, "closed"), 0o700);
      Object.assign(config.process, { cwd: "/closed/inside", user: { uid: 1000, gid: 1000 }, capabilities: {} });
      idle(config);
    });
    await expectRefused(container, "enter directory", "EACCES");
  });
});

test("CVE-2022-29162, CVE-2022-27650: no process has inheritable capabilities that were not asked for", async () => {
  const container = await harness.container(idle).start();
  const exec = await new TestExec(container).start({ terminal: false, args: ["sleep", "1000"] });
  for (const pid of [container.report.pid, exec.report.pid]) {
    expect(status(pid, "CapInh")).toBe("0000000000000000");
    expect(status(pid, "CapAmb")).toBe("0000000000000000");
    expect(status(pid, "CapPrm")).not.toBe("0000000000000000");
  }
  await container.kill();
});

test("CVE-2023-25809: without a cgroup namespace the host's control groups are not there to be written", async () => {
  const container = harness.container((config) => {
    config.linux.namespaces = config.linux.namespaces.filter(({ type }) => type !== "cgroup");
    for (const mount of config.mounts) {
      if (mount.type === "cgroup") mount.options = mount.options.filter((option) => option !== "ro");
    }
    script(config, "cd /sys/fs/cgroup; for f in */cgroup.procs cgroup.procs; do ls -d $f; done; ls . */");
  });
  const { stdout } = await container.output();
  expect(stdout).toContain("cgroup.procs");
  expect(stdout).not.toContain(harness.cgroupRoot.slice(1));
});

test("CVE-2024-21626: a working directory behind a descriptor that leads out is not entered", async () => {
  const container = oci.bundle("sleep 1000");
  expect(container.create()).toMatchObject({ code: 0 });
  expect(container.verb("start")).toMatchObject({ code: 0 });
  const secret = outside("secret");
  writeFileSync(join(secret, "of-the-host"), "");
  const entered = oci.shell(
    `"$OCI" exec --preserve-fds 1 --cwd /proc/self/fd/3 ${container.id} bash -c 'ls; ls ..' 3< ${secret}`,
  );
  expect(entered.stdout).toBe("");
  expect(entered.stderr).toContain("not inside the container's root");
});

describe("CVE-2024-21626: a program behind a descriptor that leads out is not executed", () => {
  const numbers = Array.from({ length: 30 }, (_, index) => index + 3);
  // Directories of PATH that lead from what the runtime may have open (the state directory, a root filesystem) to
  // one that only the host has.
  const path = [...numbers.flatMap((n) => [`/out/${n}`, `/out/${n}-deeper`]), "/usr/bin"].join(":");
  const program = "program-of-the-host";

  beforeAll(() => {
    copyFileSync("/bin/echo", join(oci.home, program));
    mkdirSync(join(oci.rootfs, "out"));
    for (const n of numbers) {
      symlinkSync(`/proc/self/fd/${n}/..`, join(oci.rootfs, `out/${n}`));
      symlinkSync(`/proc/self/fd/${n}/../..`, join(oci.rootfs, `out/${n}-deeper`));
    }
  });

  const refused = { code: 127, stdout: "", stderr: expect.stringContaining("executable file not found") };

  function running() {
    const container = oci.bundle("sleep 1000", ({ process }) => {
      process.env = [`PATH=${path}`];
    });
    expect(container.create()).toMatchObject({ code: 0 });
    expect(container.verb("start")).toMatchObject({ code: 0 });
    return container;
  }

  test("by an exec", () => {
    expect(running().verb("exec", program, "ran")).toMatchObject(refused);
  });

  test("by a run", () => {
    const container = oci.bundle("", ({ process }) => {
      Object.assign(process, { args: [program, "ran"], env: [`PATH=${path}`] });
    });
    expect(container.run()).toMatchObject(refused);
  });

  test("as one of those that the caller leaves to the program, and has not open", () => {
    expect(oci.call("exec", "--preserve-fds", "30", running().id, program, "ran")).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining("descriptor 3 is not open"),
    });
  });
});

describe("CVE-2016-9962: a container that waits to be started, in the pid namespace of another one", () => {
  const joined = (pid: number) => (config: Config) => {
    for (const namespace of config.linux.namespaces)
      if (namespace.type === "pid") Object.assign(namespace, { path: `/proc/${pid}/ns/pid` });
  };

  test("can't be looked into from there", () => {
    const neighbour = oci.bundle("sleep 1000");
    expect(neighbour.create()).toMatchObject({ code: 0 });
    expect(neighbour.verb("start")).toMatchObject({ code: 0 });
    const container = oci.bundle("sleep 1000", joined(neighbour.state().pid));
    expect(container.create()).toMatchObject({ code: 0 });
    const look = `for process in /proc/[0-9]*; do
      [[ $(< $process/comm) == minirun:init ]] && echo found && ls -d $process/{cwd,root,fd/0}/..; done`;
    const looked = neighbour.verb("exec", "bash", "-c", look);
    expect(looked.stdout).toBe("found\n");
    expect(looked.stderr).toContain("Permission denied");
    expect(container.verb("start")).toMatchObject({ code: 0 });
  });

  test("holds nothing of the host but its gate", () => {
    const container = oci.bundle("sleep 1000");
    expect(container.create()).toMatchObject({ code: 0 });
    const folder = `/proc/${container.state().pid}/fd`;
    const held = readdirSync(folder).filter((fd) => Number(fd) > 2);
    expect(held.map((fd) => readlinkSync(join(folder, fd)))).toEqual([expect.stringMatching(/^socket:/)]);
    expect(container.verb("start")).toMatchObject({ code: 0 });
  });
});

test("CVE-2025-31133: what hides a path is a null device, whatever the container has in the place of its own", async () => {
  const container = harness.container((config, self) => {
    const dev = outside("dev");
    symlinkSync("/etc/passwd", join(dev, "null"));
    for (const place of ["/dev", "/dev/pts", "/dev/shm", "/dev/mqueue"]) withoutMount(config, place);
    config.mounts.push(bind(dev, "/dev"));
    writeFileSync(inRootfs(self, "etc/secret"), "secret");
    config.linux.maskedPaths.push("/etc/secret");
    script(config, "stat -c '%F %t:%T' /etc/secret /proc/timer_list");
  });
  const nullDevice = "character special file 1:3";
  expect((await container.output()).stdout).toBe(`${nullDevice}\n${nullDevice}\n`);
});

test("CVE-2025-52565: a link in the place of /dev/console is not followed", async () => {
  const container = harness.container((config, self) => {
    withoutMount(config, "/dev");
    symlinkSync("/etc/passwd", inRootfs(self, "dev/console"));
    config.process.args = ["sleep", "1000"];
  });
  await expectRefused(container, "console", "ELOOP");
});

describe("CVE-2017-5226: a container's processes are of a session of their own, so they can't type into another's", () => {
  const session = (pid: number) => Number(readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ")[3]);

  test("in the product", async () => {
    const container = await harness.container(idle).start();
    expect(session(container.report.pid)).toBe(container.report.pid);
    const exec = await new TestExec(container).start({ terminal: false, args: ["sleep", "1000"] });
    expect(session(exec.report.pid)).toBe(exec.report.pid);
    await container.kill();
  });

  test("with minirun-oci, where the streams are the caller's own", () => {
    const container = oci.bundle("sleep 1000");
    expect(container.create()).toMatchObject({ code: 0 });
    const { pid } = container.state();
    expect(session(pid)).toBe(pid);
  });
});

test("a half-made container can be killed and deleted, with minirun-oci and by its group", async () => {
  const container = oci.bundle("sleep 1000");
  expect(container.create()).toMatchObject({ code: 0 });
  expect(oci.call("delete", "--force", container.id)).toMatchObject({ code: 0 });
  expect(native.cgroupList(oci.cgroupRoot)).not.toContain(container.id);
});
