import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { native } from "./support/addon.ts";
import type { Config } from "./support/config.ts";
import { Harness, script } from "./support/harness.ts";
import { ownIds } from "./support/user-namespace.ts";

const harness = new Harness();
afterAll(async () => expect(await harness.close()).toEqual([]));

/** Starts what can't be started; nothing of it may be left. */
async function failure(change: (config: Config) => void) {
  const container = harness.container(change);
  const report = await container.tryStart();
  expect(report.ok, JSON.stringify(report)).toBe(false);
  await container.gone();
  expect(native.cgroupList(harness.cgroupRoot)).toEqual([]);
  return { report, container };
}

describe("a command", () => {
  test("that is nowhere along PATH is not found", async () => {
    const { report, container } = await failure((config) => (config.process.args = ["nope"]));
    expect(report).toMatchObject({
      code: "command-not-found",
      step: "find program",
      call: "faccessat2",
      subject: "nope",
      errnoName: "ENOENT",
    });
    expect(report.message).toContain("no directory of PATH has a file nope");
    expect(container.trace().at(-1)).toMatchObject({ name: "find program", side: "child", errnoName: "ENOENT" });
  });

  test("that is not there is not found", async () => {
    const { report } = await failure((config) => (config.process.args = ["/bin/nope"]));
    expect(report).toMatchObject({ code: "command-not-found", subject: "/bin/nope", errno: 2 });
  });

  test("that is a directory, or not marked executable, can't be executed", async () => {
    writeFileSync(join(harness.rootfs, "usr/bin/data"), "text", { mode: 0o644 });
    const { report } = await failure((config) => (config.process.args = ["/usr/bin/data"]));
    expect(report).toMatchObject({ code: "command-not-executable", errnoName: "EACCES" });
    expect(report.message).toContain("not marked executable");
    const directory = await failure((config) => (config.process.args = ["/usr"]));
    expect(directory.report.message).toContain("is a directory");
  });

  test("that is neither program nor script can't be executed", async () => {
    writeFileSync(join(harness.rootfs, "usr/bin/noise"), "just text\n", { mode: 0o755 });
    const { report } = await failure((config) => (config.process.args = ["noise"]));
    expect(report).toMatchObject({ code: "command-not-executable", errnoName: "ENOEXEC" });
  });

  test("whose interpreter or loader is missing says which", async () => {
    writeFileSync(join(harness.rootfs, "usr/bin/script"), "#!/usr/bin/ruby -w\n", { mode: 0o755 });
    const script = await failure((config) => (config.process.args = ["script"]));
    expect(script.report).toMatchObject({ code: "interpreter-not-found", details: { needs: "/usr/bin/ruby" } });
    expect(script.report.message).toContain("/usr/bin/script is there, but its interpreter /usr/bin/ruby is not");
    const loader = join(harness.rootfs, "lib64/ld-linux-x86-64.so.2");
    renameSync(loader, `${loader}.away`);
    const program = await failure((config) => (config.process.args = ["ls"]));
    renameSync(`${loader}.away`, loader);
    expect(program.report).toMatchObject({ code: "loader-not-found" });
    expect(program.report.message).toContain("its dynamic loader /lib64/ld-linux-x86-64.so.2 is not");
  });

  test("whose shared library is missing says so itself", async () => {
    const container = harness.container((config) => {
      script(config, "LD_LIBRARY_PATH= ps");
      config.mounts.push({
        destination: "/usr/lib/x86_64-linux-gnu/libproc2.so.0",
        type: "bind",
        source: "/dev/null",
        options: ["bind", "ro"],
      });
      config.mounts.push({
        destination: "/lib/x86_64-linux-gnu/libproc2.so.0",
        type: "bind",
        source: "/dev/null",
        options: ["bind", "ro"],
      });
    });
    const { stderr, exit } = await container.output();
    expect(stderr).toContain("error while loading shared libraries");
    expect(exit.exitCode).toBe(127);
  });

  test("is looked for along the container's own PATH", async () => {
    mkdirSync(join(harness.rootfs, "opt/tools"), { recursive: true });
    cpSync(join(harness.rootfs, "usr/bin/true"), join(harness.rootfs, "opt/tools/mine"));
    chmodSync(join(harness.rootfs, "opt/tools/mine"), 0o755);
    const container = harness.container((config) => {
      config.process.args = ["mine"];
      config.process.env = ["PATH=/nowhere:/opt/tools"];
    });
    expect((await container.output()).exit.exitCode).toBe(0);
  });
});

describe("a bundle", () => {
  test.each<[string, string, (config: Config) => void]>([
    ["no command", "/process/args", (config) => (config.process.args = [])],
    [
      "a parameter of the host's kernel",
      "/linux/sysctl/kernel.core_pattern",
      (config) => Object.assign(config.linux, { sysctl: { "kernel.core_pattern": "|/bin/sh" } }),
    ],
    [
      "an unknown limit",
      "/process/rlimits/0/type",
      (config) => (config.process.rlimits = [{ type: "RLIMIT_X", soft: 1, hard: 1 }]),
    ],
    [
      "a hook by a relative path",
      "/hooks/prestart/0/path",
      (config) => Object.assign(config, { hooks: { prestart: [{ path: "bin/true" }] } }),
    ],
    [
      "a mapping of no ids",
      "/linux/uidMappings/0/size",
      (config) => Object.assign(config.linux, { uidMappings: [{}] }),
    ],
    [
      "a namespace that stands twice",
      "/linux/namespaces/6/type",
      (config) => config.linux.namespaces.push({ type: "pid" }),
    ],
    [
      "a device rule about nothing",
      "/linux/resources/devices/0/access",
      (config) => (config.linux.resources.devices = [{ allow: false, access: "x" }]),
    ],
    ["a control group above the root", "/linux/cgroupsPath", (config) => (config.linux.cgroupsPath = "/../other")],
    [
      "a terminal without devpts",
      "/process/terminal",
      (config) => (config.mounts = config.mounts.filter(({ type }) => type !== "devpts")),
    ],
  ])("with %s names the field", async (_, pointer, change) => {
    const { report } = await failure(change);
    expect(report).toMatchObject({ code: "invalid-bundle", subject: pointer });
  });

  test("that is not an object is an error that says so", async () => {
    const { report } = await failure((config) => Object.assign(config, { toJSON: () => [] }));
    expect(report).toMatchObject({ code: "invalid-bundle" });
    expect(report.message).toContain("expected an object");
  });

  test("whose file system refuses an option passes on the kernel's words", async () => {
    const { report } = await failure((config) => config.mounts[1]?.options.push("sise=4"));
    expect(report).toMatchObject({
      code: "mount-refused",
      step: "prepare /dev",
      call: "fsconfig",
      errnoName: "EINVAL",
    });
    expect(report.message).toContain("sise");
  });

  test("whose layer is missing names it", async () => {
    const { report } = await failure((config) => (config.annotations["dev.minirun.overlay.lower"] = "/nowhere/at/all"));
    expect(report).toMatchObject({ code: "mount-refused", step: "overlay", errnoName: "ENOENT" });
    expect(report.message).toContain("/nowhere/at/all");
  });
});

test("a user namespace on a host whose /proc is masked says that, and what to do", async () => {
  // In the mount namespace that these tests have for themselves; the kernel asks for a view of /proc that is whole.
  execFileSync("mount", ["--bind", "/dev/null", "/proc/version"]);
  try {
    const container = harness.container((config, own) => ownIds(config, own, 400_000));
    const report = await container.tryStart();
    expect(report).toMatchObject({ ok: false, code: "proc-masked", step: "mount /proc", errnoName: "EPERM" });
    expect(report.remedy).toContain("findmnt -R /proc /sys");
    await container.gone();
  } finally {
    execFileSync("umount", ["/proc/version"]);
  }
});

describe("a hostile root filesystem", () => {
  /** The harness's root filesystem, with `name` a link to `target`. */
  function hostile(name: string, target: string) {
    const root = join(harness.home, `hostile-${name}-${target.replaceAll(/\W/g, "_")}`);
    mkdirSync(root);
    for (const entry of ["bin", "lib", "lib64", "sbin", "usr", "etc", "dev", "proc", "sys"]) {
      if (entry !== name)
        cpSync(join(harness.rootfs, entry), join(root, entry), { recursive: true, verbatimSymlinks: true });
    }
    symlinkSync(target, join(root, name));
    return root;
  }

  test.each([
    ["proc", "/"],
    ["proc", "../../../.."],
    ["sys", "/etc"],
    ["dev", "/"],
    ["dev", "../../.."],
  ])("whose /%s is a link to %s is refused", async (name, target) => {
    const root = hostile(name, target);
    const { report } = await failure((config) => (config.annotations["dev.minirun.overlay.lower"] = root));
    expect(report).toMatchObject({ code: "mount-refused", errnoName: "ELOOP" });
    expect(report.step).toBe(`mount /${name}`);
    rmSync(root, { recursive: true });
  });

  test("whose links lead out of it has its mount points made inside", async () => {
    const root = hostile("etc", "../../../../../../escape");
    const container = harness.container((config) => {
      config.annotations["dev.minirun.overlay.lower"] = root;
      config.mounts.push({ destination: "/escape", type: "tmpfs", source: "tmpfs", options: [] });
      config.mounts.push({ destination: "/etc/deep/inside", type: "tmpfs", source: "tmpfs", options: [] });
      script(config, "cat /proc/self/mountinfo");
    });
    const { stdout } = await container.output();
    expect(stdout).toContain(" /escape/deep/inside ");
    rmSync(root, { recursive: true });
  });
});
