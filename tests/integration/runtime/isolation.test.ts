import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { Harness, script } from "./support/harness.ts";

const harness = new Harness();
afterAll(async () => expect(await harness.close()).toEqual([]));

/** What a command prints in a container with the default configuration. */
async function printed(command: string): Promise<string> {
  const { stdout, stderr } = await harness.container((config) => script(config, command)).output();
  return stdout + stderr;
}

/** The lines of /proc/PID/status as an object. */
function status(text: string): Record<string, string> {
  return Object.fromEntries(text.split("\n").map((line) => line.split(/:\s+/, 2) as [string, string]));
}

test("every namespace is new", async () => {
  const container = await harness.container().start();
  for (const name of ["pid", "mnt", "uts", "ipc", "net", "cgroup"]) {
    const inside = readlinkSync(`/proc/${container.report.pid}/ns/${name}`);
    expect(inside, name).not.toBe(readlinkSync(`/proc/self/ns/${name}`));
  }
  await container.kill();
});

test("the host's network is shared when the bundle asks for no other", async () => {
  const container = harness.container((config) => {
    config.linux.namespaces = config.linux.namespaces.filter(({ type }) => type !== "network");
  });
  await container.start();
  expect(readlinkSync(`/proc/${container.report.pid}/ns/net`)).toBe(readlinkSync("/proc/self/ns/net"));
  await container.kill();
});

test("capabilities, seccomp and no_new_privs hold, as the host sees them", async () => {
  const container = await harness.container().start();
  const seen = status(container.proc("status"));
  const podmanDefault = "00000000800405fb";
  expect(seen).toMatchObject({
    CapBnd: podmanDefault,
    CapPrm: podmanDefault,
    CapEff: podmanDefault,
    CapInh: "0000000000000000",
    CapAmb: "0000000000000000",
    NoNewPrivs: "1",
    Seccomp: "2",
  });
  await container.kill();
});

test("the filter is installed without no_new_privs too", async () => {
  const container = await harness.container((config) => (config.process.noNewPrivileges = false)).start();
  expect(status(container.proc("status"))).toMatchObject({ NoNewPrivs: "0", Seccomp: "2", CapEff: "00000000800405fb" });
  await container.kill();
});

test("a user without root has no capabilities, its groups and its umask", async () => {
  const container = harness.container((config) => {
    config.process.user = { uid: 1000, gid: 1000, additionalGids: [5], umask: 0o027 };
    config.process.capabilities.effective = [];
    config.process.capabilities.permitted = [];
    script(config, "umask; id; cat /proc/self/status; echo hello > /dev/stdout; read line");
  });
  await container.start();
  const client = await container.attach();
  const text = await client.untilText("hello");
  expect(text).toContain("0027");
  expect(text).toContain("uid=1000");
  expect(status(text)).toMatchObject({ CapEff: "0000000000000000", CapPrm: "0000000000000000", Groups: "5 " });
  await container.kill();
});

test("the program inherits its standard streams and nothing else", async () => {
  for (const terminal of [true, false]) {
    const container = await harness
      .container((config) => {
        config.process.terminal = terminal;
        config.process.args = ["sleep", "100"];
      })
      .start();
    expect(readdirSync(`/proc/${container.report.pid}/fd`).sort()).toEqual(["0", "1", "2"]);
    await container.kill();
  }
});

test("resource limits are set", async () => {
  const container = await harness.container().start();
  expect(container.proc("limits")).toMatch(/Max open files\s+1024\s+4096/);
  await container.kill();
});

test("a limit above the host's is taken down to it, and said to be", async () => {
  const container = await harness
    .container((config) => {
      config.process.rlimits = [{ type: "RLIMIT_NOFILE", soft: 1024, hard: 1_000_000_000 }];
    })
    .tryStart();
  if (container.ok) expect(container.missing.map(({ feature }) => feature)).toContain("RLIMIT_NOFILE 1000000000");
  else expect(container.errnoName).toBe("EPERM"); // CAP_SYS_RESOURCE is there, and fs.nr_open is lower
});

test("the old root can't be reached", async () => {
  const text = await printed("cat /proc/self/mountinfo; ls /; cat /proc/1/root/etc/passwd; ls /proc/1/root/../..");
  const mounts = text.split("\n").filter((line) => / - /.test(line));
  // overlayfs names its layers; no mount beside the root itself may come from the host.
  expect(mounts.filter((line) => line.includes(harness.home)).map((line) => line.split(" ")[4])).toEqual(["/"]);
  expect(mounts.map((line) => line.split(" ")[4])).toEqual(
    expect.arrayContaining(["/", "/proc", "/dev", "/dev/pts", "/dev/shm", "/dev/mqueue", "/sys", "/sys/fs/cgroup"]),
  );
  expect(mounts.filter((line) => line.includes(" shared:") || line.includes(" master:"))).toEqual([]);
});

test("nothing of the container shows in the host's mount table", async () => {
  const container = await harness.container().start();
  expect(readFileSync("/proc/self/mountinfo", "utf8")).not.toContain(harness.home);
  expect(readFileSync(`/proc/${container.shimPid}/mountinfo`, "utf8")).not.toContain(harness.home);
  await container.kill();
});

test("the kernel's views are masked or read-only", async () => {
  const text = await printed(`
    wc -c < /proc/timer_list; ls /sys/firmware | wc -l
    echo 1 > /proc/sys/kernel/hostname; echo 1 > /sys/kernel/mm/ksm/run; echo b > /proc/sysrq-trigger
    touch /sys/firmware/file; mount -o remount,rw /sys; mount -t tmpfs none /tmp; umount /proc/timer_list`);
  expect(text).toMatch(/^0\n0\n/);
  expect(text.match(/Read-only file system/g)?.length).toBeGreaterThanOrEqual(3);
  expect(text.toLowerCase()).toMatch(/permission denied|not permitted|must be superuser/);
});

test("standard devices are there, and no others can be made", async () => {
  const text = await printed(`
    stat -c '%n %F %t:%T %a' /dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/tty
    readlink /dev/fd /dev/stdin /dev/ptmx
    head -c 4 /dev/zero | wc -c; echo x > /dev/null && echo wrote
    mknod /tmp/disk b 254 0; stat -c '%F %a' /dev/shm /dev/mqueue`);
  expect(text).toContain("/dev/null character special file 1:3 666");
  expect(text).toContain("/dev/tty character special file 5:0 666");
  expect(text).toContain("/proc/self/fd\n/proc/self/fd/0\npts/ptmx");
  expect(text).toContain("4\nwrote");
  expect(text).toContain("Operation not permitted");
  expect(text).toContain("directory 1777");
});

test("namespaces and mounts are refused by the filter, new calls are said not to exist", async () => {
  const text = await printed(
    "unshare -U true; unshare -m true; dmesg; setsid true && echo forked; chroot / true && echo chrooted",
  );
  expect(text.match(/unshare failed: Operation not permitted/g)).toHaveLength(2);
  expect(text).toContain("dmesg: ");
  expect(text).toContain("forked\nchrooted");
});

test("loopback is up, and is the only interface", async () => {
  const text = await printed("ip -o link; ip -o addr show lo");
  expect(text.split("\n").filter((line) => /^\d+: \w/.test(line) && line.includes("mtu")).length).toBe(1);
  expect(text).toContain("127.0.0.1/8");
  expect(text).toMatch(/lo: <LOOPBACK,UP/);
});

test("its own control group is the root that it sees", async () => {
  const text = await printed("cat /proc/self/cgroup; ls /sys/fs/cgroup; touch /sys/fs/cgroup/file");
  for (const line of text.split("\n").filter((one) => /^\d+:(memory|cpu|pids|freezer)?:/.test(one))) {
    expect(line).not.toContain("minirun");
  }
  expect(text).toContain("Read-only file system");
});

test("a read-only root takes no writes, its tmpfs do", async () => {
  const container = harness.container((config) => {
    config.root.readonly = true;
    script(config, "touch /file; touch /dev/shm/file && echo fine");
  });
  const { stdout, stderr } = await container.output();
  expect(stderr).toContain("Read-only file system");
  expect(stdout).toBe("fine\n");
});

test("writes go to the upper layer and not to the base", async () => {
  const container = harness.container((config) => script(config, "echo changed > /etc/passwd; cat /etc/passwd"));
  expect((await container.output()).stdout).toBe("changed\n");
  expect(await printed("cat /etc/passwd")).toContain("root:x:0:0");
});

test("a working directory that is missing is made", async () => {
  const container = harness.container((config) => {
    script(config, "echo $PWD");
    config.process.cwd = "/srv/new/place";
  });
  expect((await container.output()).stdout).toBe("/srv/new/place\n");
});

test("a directory of the host can be bound, read-only", async () => {
  const container = harness.container((config) => {
    config.mounts.push({ destination: "/data/deep", type: "bind", source: harness.rootfs, options: ["rbind", "ro"] });
    script(config, "ls /data/deep/etc; touch /data/deep/file");
  });
  const { stdout, stderr } = await container.output();
  expect(stdout).toContain("passwd");
  expect(stderr).toContain("Read-only file system");
});
