import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import type { Config } from "./support/config.ts";
import { TestExec } from "./support/exec.ts";
import { Harness, script } from "./support/harness.ts";
import { ownIds } from "./support/user-namespace.ts";

const harness = new Harness();
afterAll(async () => expect(await harness.close()).toEqual([]));

/** What a command prints in a container with these changes, with a user namespace of its own and without. */
async function bothWays(change: (config: Config) => void, command: string): Promise<string[]> {
  const texts: string[] = [];
  for (const mapped of [false, true]) {
    const container = harness.container((config, container) => {
      if (mapped) ownIds(config, container, 500_000);
      change(config);
      script(config, command);
    });
    const { stdout, stderr } = await container.output();
    texts.push(stdout + stderr);
  }
  return texts;
}

/** A field of /proc/PID/stat, counted from 1 (proc_pid_stat(5)); the name before them has no blanks here. */
const stat = (field: number) => `read -ra words </proc/self/stat; echo "\${words[${field - 1}]}"`;

test("parameters of the kernel are set in the container's namespaces, and not on the host", async () => {
  const host = readFileSync("/proc/sys/net/ipv4/ip_default_ttl", "utf8");
  const sysctl = { "net.ipv4.ip_default_ttl": "33", "kernel.msgmax": "9000", "net/ipv4/conf/lo/forwarding": "1" };
  const command = "cat /proc/sys/net/ipv4/ip_default_ttl /proc/sys/kernel/msgmax /proc/sys/net/ipv4/conf/lo/forwarding";
  const texts = await bothWays((config) => Object.assign(config.linux, { sysctl }), command);
  expect(texts).toEqual(["33\n9000\n1\n", "33\n9000\n1\n"]);
  expect(readFileSync("/proc/sys/net/ipv4/ip_default_ttl", "utf8")).toBe(host);
});

test("a parameter that the kernel doesn't have is an error that says so", async () => {
  const container = harness.container((config) => Object.assign(config.linux, { sysctl: { "net.ipv4.nothing": "1" } }));
  const report = await container.tryStart();
  expect(report).toMatchObject({ ok: false, step: "sysctl net.ipv4.nothing", errnoName: "ENOENT" });
  expect(report.message).toContain("this kernel has no such parameter");
});

test("scheduling policy and nice value are what was asked for", async () => {
  const scheduler = { policy: "SCHED_BATCH", nice: -3, flags: ["SCHED_FLAG_RESET_ON_FORK"] };
  const texts = await bothWays(
    (config) => Object.assign(config.process, { scheduler }),
    `${stat(19)}; ${stat(41)}`, // nice, policy
  );
  expect(texts).toEqual(["-3\n3\n", "-3\n3\n"]);
});

test("io priority is what was asked for", async () => {
  const container = await harness
    .container((config) => Object.assign(config.process, { ioPriority: { class: "IOPRIO_CLASS_IDLE", priority: 4 } }))
    .start();
  expect(execFileSync("ionice", ["-p", String(container.report.pid)], { encoding: "utf8" })).toContain("idle");
  await container.kill();
});

test("a program may see a 32-bit machine", async () => {
  const personality = { domain: "LINUX32" };
  const texts = await bothWays((config) => Object.assign(config.linux, { personality }), "cat /proc/self/personality");
  expect(texts).toEqual(["00000008\n", "00000008\n"]);
});

test.skipIf(!existsSync("/sys/devices/system/node/node0"))(
  "memory comes from the nodes that were asked for",
  async () => {
    const memoryPolicy = { mode: "MPOL_BIND", nodes: "0", flags: ["MPOL_F_STATIC_NODES"] };
    const texts = await bothWays((config) => Object.assign(config.linux, { memoryPolicy }), "cat /proc/self/numa_maps");
    for (const text of texts) expect(text).toContain("bind=static:0");
  },
);

test("clocks that count since boot are shifted in a time namespace", async () => {
  const uptime = Number.parseFloat(readFileSync("/proc/uptime", "utf8"));
  const texts = await bothWays((config) => {
    config.linux.namespaces.push({ type: "time" });
    Object.assign(config.linux, { timeOffsets: { boottime: { secs: 100_000, nanosecs: 5 } } });
  }, "cat /proc/uptime");
  for (const text of texts) expect(Number.parseFloat(text)).toBeGreaterThan(uptime + 99_999);
});

test("the OOM score and limits above the usual are set from outside of a user namespace", async () => {
  const texts = await bothWays((config) => {
    Object.assign(config.process, { oomScoreAdj: 300 });
    config.process.rlimits = [{ type: "RLIMIT_NOFILE", soft: 8, hard: 9 }];
  }, "cat /proc/self/oom_score_adj; ulimit -n; ulimit -Hn");
  expect(texts).toEqual(["300\n8\n9\n", "300\n8\n9\n"]);
});

test("capabilities that can't be granted are told of, and the container starts", async () => {
  const container = await harness
    .container((config) => {
      config.process.capabilities.bounding = [...config.process.capabilities.bounding, "CAP_FLY"];
      config.process.capabilities.ambient = ["CAP_CHOWN"];
    })
    .start();
  expect(container.report.missing.map(({ feature }) => feature)).toEqual(["CAP_FLY", "CAP_CHOWN"]);
  await container.kill();
});

test("security labels are refused where the kernel enforces none", async () => {
  const labels = [
    ["apparmorProfile", "/sys/module/apparmor/parameters/enabled"],
    ["selinuxLabel", "/sys/fs/selinux/enforce"],
  ] as const;
  for (const [field, place] of labels.filter(([, place]) => !existsSync(place))) {
    const container = harness.container((config) => Object.assign(config.process, { [field]: "some" }));
    const report = await container.tryStart();
    expect(report, place).toMatchObject({ ok: false, subject: `/process/${field}`, errnoName: "EOPNOTSUPP" });
  }
});

test("a further command runs on the processors that it was given", async () => {
  const container = await harness.container().start();
  const exec = await new TestExec(container).start({
    terminal: false,
    args: [
      "sh",
      "-c",
      "while read -r name value; do [ $name = Cpus_allowed_list: ] && echo $value; done </proc/self/status",
    ],
    ...{ execCPUAffinity: { initial: "0", final: "0" } },
  });
  await exec.gone();
  expect(exec.output()).toBe("0\n");
  await container.kill();
});

test("an interface of the host's becomes the container's, with its addresses", async () => {
  const name = `mr${process.pid % 100_000}`;
  execFileSync("ip", ["link", "add", name, "type", "veth", "peer", "name", `${name}p`]);
  execFileSync("ip", ["addr", "add", "192.0.2.7/24", "dev", name]);
  try {
    const container = harness.container((config) => {
      Object.assign(config.linux, { netDevices: { [name]: { name: "uplink" } } });
      script(config, "ip -o addr show dev uplink; ip -o link show dev uplink up | wc -l");
    });
    const { stdout, stderr } = await container.output();
    expect(stdout + stderr).toContain("inet 192.0.2.7/24");
    expect(stdout).toMatch(/\n1\n$/);
    const missing = harness.container((config) => Object.assign(config.linux, { netDevices: { nothere: {} } }));
    const report = await missing.tryStart();
    expect(report).toMatchObject({ ok: false, step: "interface nothere", errnoName: "ENODEV" });
  } finally {
    execFileSync("sh", ["-c", `ip link del ${name}p 2>/dev/null || true`]);
  }
});

test("and goes to the network namespace that the container joins, which its process has yet to enter", async () => {
  const name = `mj${process.pid % 100_000}`;
  execFileSync("ip", ["link", "add", name, "type", "veth", "peer", "name", `${name}p`]);
  try {
    const first = await harness
      .container((config) => script(config, "trap 'exit 0' TERM; while :; do sleep 0.05; done"))
      .start();
    const second = harness.container((config) => {
      const network = config.linux.namespaces.find(({ type }) => type === "network");
      Object.assign(network ?? {}, { path: `/proc/${first.report.pid}/ns/net` });
      Object.assign(config.linux, { netDevices: { [name]: { name: "uplink" } } });
      script(config, "ip -o link show dev uplink | wc -l");
    });
    expect((await second.output()).stdout).toBe("1\n");
    await first.kill();
  } finally {
    execFileSync("sh", ["-c", `ip link del ${name}p 2>/dev/null || true`]);
  }
});
