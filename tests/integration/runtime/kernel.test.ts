import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type KernelPart, KernelState } from "../../../lib/contract/kernel.ts";
import { byHand } from "../../../lib/contract/kernel-by-hand.ts";
import { native } from "./support/addon.ts";
import { Harness, script, type TestContainer } from "./support/harness.ts";

const harness = new Harness();
afterAll(async () => expect(await harness.close()).toEqual([]));

const MiB = 1024 * 1024;
let container: TestContainer;

beforeAll(async () => {
  container = harness.container((config) => {
    config.linux.resources = {
      memory: { limit: 64 * MiB },
      cpu: { quota: 50_000, period: 100_000 },
      pids: { limit: 32 },
    };
    const name = String.raw`$(printf '\033[31mevil\n<script>')`;
    script(config, `exec 7<>/tmp/held; exec -a "${name}" sleep 100 & sleep 101 & wait`);
  });
  await container.start();
  await vi.waitFor(async () => expect((await read("processes")).processes?.items[2]?.name).toBe("sleep"));
});

/** Parts of the kernel view, checked against the contract. */
const read = (...parts: KernelPart[]): Promise<KernelState> => readOf(container, ...parts);

async function readOf(one: TestContainer, ...parts: KernelPart[]): Promise<KernelState> {
  const { report, cgroup, cache, state } = one;
  const startTime = native.processStartTime(report.pid) ?? "";
  const target = { pid: report.pid, startTime, cgroup, cache, bundle: `${state}/bundle`, parts };
  const view = KernelState.parse(JSON.parse(await native.readKernel(target)));
  expect(view.unread).toEqual([]);
  return view;
}

/** What the commands of a part print, in their order. */
async function outputs(part: KernelPart): Promise<string[]> {
  const { controlGroup } = await read("controlGroup");
  const commands = byHand(part, { pid: container.report.pid, controlGroup });
  return commands.map(({ command }) => execFileSync("bash", ["-c", command], { encoding: "utf8" }));
}

test("by hand: namespaces have the inodes that readlink shows", async () => {
  const { namespaces } = await read("namespaces");
  const [inside = "", outside = ""] = await outputs("namespaces");
  for (const { kind, inode, hostInode, own } of namespaces ?? []) {
    expect(inside).toContain(`${kind}:[${inode}]`);
    expect(outside).toContain(`${kind}:[${hostInode}]`);
    expect(own).toBe(inode !== hostInode);
  }
  expect(namespaces?.filter(({ own }) => own).map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(["cgroup", "ipc", "mnt", "net", "pid", "uts"]),
  );
});

test("by hand: processes are those that ps shows, whatever they call themselves", async () => {
  const { processes } = await read("processes");
  const [listed = "", numbers = ""] = await outputs("processes");
  const rows = listed
    .split("\n")
    .slice(1)
    .flatMap(
      (line) =>
        line
          .match(/^\s*(\d+)\s+(\d+)/)
          ?.slice(1, 3)
          .map(Number) ?? [],
    );
  expect(processes?.items.flatMap(({ hostPid, hostParentPid }) => [hostPid, hostParentPid])).toEqual(rows);
  expect(numbers.trim().split(/\s+/).slice(1)).toEqual([String(container.report.pid), "1"]);
  expect(processes?.items.map(({ command }) => command[0])).toContain("\u001b[31mevil\n<script>");
  expect(processes?.total).toBe(3);
});

test("by hand: mounts are the lines of mountinfo", async () => {
  const { mounts } = await read("mounts");
  const [table = ""] = await outputs("mounts");
  const lines = table.trimEnd().split("\n");
  expect(mounts?.total).toBe(lines.length);
  for (const [index, mount] of (mounts?.items ?? []).entries()) {
    const start = [mount.id, mount.parent, mount.device, mount.root, mount.point, mount.options.join(",")].join(" ");
    expect(lines[index]).toContain(start);
  }
  const root = mounts?.items.find(({ point }) => point === "/");
  expect(root?.overlay).toMatchObject({ lower: [harness.rootfs], upper: `${container.state}/upper` });
  expect(mounts?.items.find(({ point }) => point === "/proc/keys")?.options).toContain("ro");
});

test("by hand: the control group's files read the same, limits and uses with them", async () => {
  const { controlGroup } = await read("controlGroup");
  const printed = (await outputs("controlGroup")).join("");
  for (const { files } of controlGroup?.resources ?? []) {
    for (const { path, role, text } of files.filter(({ role }) => role === "limit")) {
      for (const line of text.split("\n").filter(Boolean)) expect(printed, role).toContain(`${path}:${line}`);
    }
  }
  const of = (name: string) => controlGroup?.resources.find((resource) => resource.name === name);
  expect(of("memory")).toMatchObject({ limit: 64 * MiB, counts: { oomKills: 0 } });
  expect(of("memory")?.use).toBeGreaterThan(0);
  expect(of("cpu")).toMatchObject({ limit: 500_000_000 });
  expect(of("pids")).toMatchObject({ limit: 32, use: 3 });
  if (controlGroup?.version === 2) expect(of("memory")?.files.length).toBeGreaterThan(4);
});

test("by hand: capabilities are the masks of status", async () => {
  const { capabilities } = await read("capabilities");
  const [masks = ""] = await outputs("capabilities");
  const mask = (names: readonly string[] = []) =>
    names
      .reduce((sum, name) => sum + (1n << BigInt(capabilities?.known.indexOf(name) ?? -1)), 0n)
      .toString(16)
      .padStart(16, "0");
  expect(masks).toContain(`CapBnd:\t${mask(capabilities?.bounding)}`);
  expect(masks).toContain(`CapEff:\t${mask(capabilities?.effective)}`);
  expect(masks).toContain(`CapPrm:\t${mask(capabilities?.permitted)}`);
  expect(masks).toContain(`CapAmb:\t${mask(capabilities?.ambient)}`);
  expect(masks).toContain(`NoNewPrivs:\t${capabilities?.noNewPrivileges ? 1 : 0}`);
});

test("by hand: the filter is installed, and what it answers is what the profile says", async () => {
  const { seccomp } = await read("seccomp");
  const [status = ""] = await outputs("seccomp");
  expect(status).toContain("Seccomp:\t2");
  expect(status).toContain(`Seccomp_filters:\t${seccomp?.filters}`);
  const answerTo = (name: string) => seccomp?.calls.find((call) => call.name === name);
  expect(answerTo("read")).toMatchObject({ answers: [{ action: "allow" }], arguments: [] });
  expect(answerTo("mount")).toMatchObject({ answers: [{ action: "errno", errno: "EPERM" }] });
  expect(answerTo("clone")?.answers).toHaveLength(2);
  expect(answerTo("clone")?.arguments).toEqual([0]);
});

test("by hand: id maps, network and descriptors are what the host sees of them", async () => {
  const { idMaps, network, descriptors } = await read("idMaps", "network", "descriptors");
  const [uids = "", gids = "", setgroups = ""] = await outputs("idMaps");
  const lines = (text: string) =>
    text
      .trim()
      .split("\n")
      .map((line) => line.trim().split(/\s+/).map(Number));
  expect(idMaps?.uids.map(({ inside, outside, count }) => [inside, outside, count])).toEqual(lines(uids));
  expect(idMaps?.gids.map(({ inside, outside, count }) => [inside, outside, count])).toEqual(lines(gids));
  expect(setgroups.trim()).toBe(idMaps?.setgroups ? "allow" : "deny");

  const [devices = "", , addresses = ""] = await outputs("network");
  for (const { name, addresses: own } of network?.interfaces ?? []) {
    expect(devices).toContain(`${name}:`);
    for (const { address, prefix } of own) expect(addresses).toContain(`${address}/${prefix}`);
  }

  const folder = `/proc/${container.report.pid}/fd`;
  const first = descriptors?.processes.find(({ hostPid }) => hostPid === container.report.pid);
  expect(first?.items.map(({ number }) => String(number)).sort()).toEqual(readdirSync(folder).sort());
  for (const { number, target } of first?.items ?? []) expect(readlinkSync(`${folder}/${number}`)).toBe(target);
  expect(first?.items.find(({ number }) => number === 7)).toMatchObject({ target: "/tmp/held", access: "b" });
});

test("of a container with more mounts than are listed, the rest are counted", async () => {
  const crowded = harness.container((config) => {
    script(config, "sleep 100");
    for (let number = 0; number < 520; number += 1) {
      config.mounts.push({ destination: `/tmp/m${number}`, type: "tmpfs", source: "tmpfs", options: ["size=4k"] });
    }
  });
  await crowded.start();
  const { mounts } = await readOf(crowded, "mounts");
  expect(mounts?.items.length).toBe(500);
  expect(mounts?.total).toBe(
    readFileSync(`/proc/${crowded.report.pid}/mountinfo`, "utf8").trimEnd().split("\n").length,
  );
  expect(mounts?.total).toBeGreaterThan(520);
  await crowded.kill();
});

test("another process than the one that was named is not read", async () => {
  const { cgroup, cache, state, report } = container;
  const target = { pid: report.pid, startTime: "1", cgroup, cache, bundle: `${state}/bundle`, parts: ["namespaces"] };
  await expect(native.readKernel(target)).rejects.toMatchObject({ code: "ESRCH" });
});

test("a reading leaves this process in its namespaces, with the threads and descriptors that it had", async () => {
  const network = statSync("/proc/self/ns/net").ino;
  await read("namespaces", "network", "descriptors", "seccomp");
  const before = readdirSync("/proc/self/fd").length;
  for (let times = 0; times < 20; times += 1) await read("namespaces", "network", "descriptors", "seccomp");
  expect(readdirSync("/proc/self/fd").length).toBeLessThanOrEqual(before + 1);
  for (const thread of readdirSync("/proc/self/task")) {
    const space = statSync(`/proc/self/task/${thread}/ns/net`, { throwIfNoEntry: false });
    // A thread of the addon may just have ended.
    if (space) expect(space.ino).toBe(network);
  }
  expect(readFileSync("/proc/self/status", "utf8")).toMatch(/^Seccomp:\s+0$/m);
});
