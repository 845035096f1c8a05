import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { native, shimBinary } from "./support/addon.ts";
import { ShimClient } from "./support/shim-client.ts";

const folder = mkdtempSync(join(process.env.RUNTIME_TEST_DIR ?? tmpdir(), "minirun-test-addon-"));
afterAll(() => native.removeTree(folder));

test("probe says what this kernel offers", () => {
  const probe = native.probe();
  expect(probe.missing).toEqual([]);
  expect(probe.minimumKernel).toBe("5.12");
  expect(probe).toMatchObject({ overlayfs: true, seccomp: true, newMountApi: true, clone3: true, pidfd: true });
  expect(probe.cgroup.controllers).toMatchObject({ memory: true, cpu: true, pids: true });
  expect(existsSync(probe.cgroup.mountpoints.memory ?? "")).toBe(true);
  expect(Object.values(probe.namespaces).every(Boolean)).toBe(true);
});

describe("arguments are checked", () => {
  test.each<[string, () => unknown]>([
    ["expected a string that is not empty for binary", () => native.spawnShim({ binary: "", args: [] })],
    ["expected a path like /minirun/ID for path", () => native.cgroupKill("/")],
    ["expected a path like /minirun/ID for root", () => native.cgroupList("minirun")],
    ["expected an integer that is not negative for pid", () => native.processStartTime(-1)],
    ["expected an integer that is not negative for fd", () => native.peerCredentials(1.5)],
    ['expected a boolean or "content" for durable', () => native.replaceFile("/nowhere", "text", Object("name"))],
    ["expected a string that is not empty for startTime", () => native.watchProcess(1, "")],
  ])("%s", (message, call) => {
    expect(call).toThrow(TypeError);
    expect(call).toThrow(message);
  });
});

describe("spawnShim", () => {
  test("of a binary that isn't there rejects with the system's error", async () => {
    await expect(native.spawnShim({ binary: "/nowhere/shim", args: [] })).rejects.toMatchObject({
      code: "ENOENT",
      syscall: "open",
      path: "/nowhere/shim",
    });
  });

  test("of a shim that dies without a word gives an empty report, and no zombie", async () => {
    const shim = await native.spawnShim({ binary: shimBinary, args: ["--nonsense"] });
    expect(shim.report).toBe("");
    await native.watchProcess(shim.pid, shim.startTime);
    expect(native.processStartTime(shim.pid)).toBeNull();
  });
});

describe("watchProcess", () => {
  test("resolves when the process ends, for everyone who waits", async () => {
    const child = spawn("sleep", ["0.2"], { stdio: "ignore" });
    const startTime = native.processStartTime(child.pid ?? 0) ?? "";
    await Promise.all([1, 2, 3].map(() => native.watchProcess(child.pid ?? 0, startTime)));
  });

  test("resolves at once for a process that is gone, or is another by now", async () => {
    await native.watchProcess(process.pid, "1");
    await native.watchProcess(0x3fffff, "1");
  });
});

test("peerCredentials tells who connected", async () => {
  const path = join(folder, "socket");
  const seen = new Promise((resolve) => {
    const server = createServer((socket) => {
      // The descriptor is no part of Node's types; it is what the worker hands over as well.
      const { fd } = Reflect.get(socket, "_handle");
      resolve(native.peerCredentials(fd));
      socket.destroy();
      server.close();
    }).listen(path);
    server.once("listening", () => ShimClient.connect(path));
  });
  expect(await seen).toEqual({ pid: process.pid, uid: process.getuid?.(), gid: process.getgid?.() });
});

test("statistics of a group that isn't there are null, and killing it is no error", async () => {
  const stats = native.cgroupStats("/minirun-test-nothing/here");
  expect(Object.values(stats.memory).every((value) => value === null)).toBe(true);
  await native.cgroupKill("/minirun-test-nothing/here");
  expect(native.cgroupList("/minirun-test-nothing")).toEqual([]);
});

test.each([false, "content", true] as const)("replaceFile with durable %s replaces the whole file", async (durable) => {
  const path = join(folder, `replaced-${durable}`);
  writeFileSync(path, "what was there, and longer");
  await native.replaceFile(path, "new", durable);
  expect(readFileSync(path, "utf8")).toBe("new");
  expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});

test("removeTree stops at a mount point, removes the rest, and never follows a link", async () => {
  const tree = join(folder, "tree");
  const kept = join(folder, "kept");
  mkdirSync(join(tree, "mounted"), { recursive: true });
  mkdirSync(join(tree, "plain/deep"), { recursive: true });
  mkdirSync(kept);
  writeFileSync(join(kept, "file"), "kept");
  symlinkSync(kept, join(tree, "link"));
  execFileSync("mount", ["--bind", kept, join(tree, "mounted")]);
  await expect(native.removeTree(tree)).rejects.toMatchObject({ code: "EBUSY", path: join(tree, "mounted") });
  expect(existsSync(join(tree, "plain"))).toBe(false);
  execFileSync("umount", [join(tree, "mounted")]);
  await native.removeTree(tree);
  expect(existsSync(tree)).toBe(false);
  expect(existsSync(join(kept, "file"))).toBe(true);
});
