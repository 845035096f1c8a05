import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Config } from "./support/config.ts";
import { Harness, script } from "./support/harness.ts";

const harness = new Harness();
const mounted: string[] = [];
afterAll(async () => {
  for (const path of mounted.reverse()) execFileSync("umount", [path]);
  expect(await harness.close()).toEqual([]);
});

/** A directory with a tmpfs below it, both with a file; the suite's own mount namespace is the only one that has it. */
function nested(name: string): string {
  const path = join(harness.home, name);
  mkdirSync(join(path, "inner"), { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "inner", join(path, "inner")]);
  mounted.push(join(path, "inner"));
  writeFileSync(join(path, "inner/file"), "inner");
  return path;
}

function bind(config: Config, source: string, ...options: string[]): void {
  config.mounts.push({ destination: "/data", type: "bind", source, options: ["rbind", ...options] });
}

/** The mount table of a container that does nothing else, its lines split into words (proc_pid_mountinfo(5)). */
async function mountTable(change: (config: Config) => void): Promise<string[][]> {
  const container = harness.container((config) => {
    change(config);
    script(config, "cat /proc/self/mountinfo");
  });
  return (await container.output()).stdout.split("\n").map((line) => line.split(" "));
}

/** Options and optional fields of what is mounted on a path. */
function mountOn(table: string[][], path: string): string {
  const words = table.find((line) => line[4] === path) ?? [];
  return words.slice(5, words.indexOf("-")).join(" ");
}

test("ro is for one mount, rro for all below it", async () => {
  for (const [option, inner] of [
    ["ro", "wrote"],
    ["rro", ""],
  ] as const) {
    const container = harness.container((config) => {
      bind(config, nested(option), option);
      script(config, "touch /data/new; touch /data/inner/new && echo wrote");
    });
    const { stdout, stderr } = await container.output();
    expect(stderr, option).toContain("cannot touch '/data/new': Read-only file system");
    expect(stdout.trim(), option).toBe(inner);
  }
});

test("attributes below a bind are those that were asked for", async () => {
  const source = nested("attributes");
  const table = await mountTable((config) => bind(config, source, "rnosuid", "rnodev", "rnoexec", "noatime"));
  expect(mountOn(table, "/data")).toBe("rw,nosuid,nodev,noexec,noatime");
  expect(mountOn(table, "/data/inner")).toBe("rw,nosuid,nodev,noexec,relatime");
});

test("a remount changes what is mounted already", async () => {
  const container = harness.container((config) => {
    config.mounts.push(
      { destination: "/small", type: "tmpfs", source: "small", options: ["size=64k"] },
      { destination: "/small", type: "tmpfs", source: "small", options: ["remount", "nosuid", "size=128k"] },
      { destination: "/dev/shm", type: "none", source: "", options: ["remount", "bind", "ro"] },
    );
    script(
      config,
      "stat -f -c %b /small; stat -f -c %s /small; touch /dev/shm/file; grep -c '/small rw,nosuid' /proc/self/mountinfo",
    );
  });
  const { stdout, stderr } = await container.output();
  const [blocks, size] = stdout.split("\n").map(Number);
  expect((blocks ?? 0) * (size ?? 0)).toBe(131_072);
  expect(stderr).toContain("Read-only file system");
});

test("where nothing is mounted a remount is an error", async () => {
  const container = harness.container((config) =>
    config.mounts.push({ destination: "/etc", type: "none", source: "", options: ["remount", "bind", "ro"] }),
  );
  expect(await container.tryStart()).toMatchObject({ ok: false, step: "remount /etc", errnoName: "EINVAL" });
});

test("a tmpfs can begin with what it covers", async () => {
  const container = harness.container((config) => {
    config.mounts.push({ destination: "/etc", type: "tmpfs", source: "tmpfs", options: ["tmpcopyup", "size=1m"] });
    script(config, "cat /etc/group; echo changed > /etc/passwd; cat /etc/passwd; stat -c %a /etc; stat -f -c %T /etc");
  });
  const { stdout } = await container.output();
  expect(stdout).toContain("tty:x:5:");
  expect(stdout).toMatch(/changed\n755\ntmpfs\n$/);
});

test("mounts of the host show in a slave, and not in a private bind", async () => {
  for (const [option, seen] of [
    ["rslave", "shared"],
    ["rprivate", ""],
  ] as const) {
    const source = join(harness.home, `propagate-${option}`);
    mkdirSync(join(source, "late"), { recursive: true });
    execFileSync("mount", ["--bind", source, source]);
    mounted.push(source);
    execFileSync("mount", ["--make-shared", source]);
    const container = harness.container((config) => {
      bind(config, source, option);
      script(config, "read line; ls /data/late");
      config.process.terminal = true;
    });
    await container.start();
    const client = await container.attach();
    execFileSync("mount", ["-t", "tmpfs", "late", join(source, "late")]);
    writeFileSync(join(source, "late/shared"), "");
    client.type("\n");
    await container.gone();
    expect(container.logText(1).trim(), option).toContain(seen);
    if (seen === "") expect(container.logText(1)).not.toContain("shared");
    execFileSync("umount", [join(source, "late")]);
  }
});

test("the root's own propagation is what was asked for", async () => {
  for (const [word, tag] of [
    ["shared", /shared:\d+/],
    ["rslave", /^$/],
    ["unbindable", /unbindable/],
    ["private", /^$/],
  ] as const) {
    const table = await mountTable((config) => Object.assign(config.linux, { rootfsPropagation: word }));
    expect(mountOn(table, "/").split(" ").slice(1).join(" "), word).toMatch(tag);
  }
});

test("mount points with odd names are made where they belong", async () => {
  const source = join(harness.home, "odd");
  mkdirSync(source);
  writeFileSync(join(source, "file"), "content");
  chmodSync(source, 0o755);
  const container = harness.container((config) => {
    config.mounts.push({ destination: "deep//er/./x", type: "bind", source, options: ["bind"] });
    config.mounts.push({ destination: "/a file", type: "bind", source: join(source, "file"), options: ["bind"] });
    script(config, "cat /deep/er/x/file '/a file'");
  });
  expect((await container.output()).stdout).toBe("contentcontent");
});
