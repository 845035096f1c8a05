import { execFileSync } from "node:child_process";
import { chownSync, mkdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Config } from "./support/config.ts";
import { TestExec } from "./support/exec.ts";
import { Harness, script, type TestContainer } from "./support/harness.ts";
import { ownIds } from "./support/user-namespace.ts";

const harness = new Harness();
afterAll(async () => expect(await harness.close()).toEqual([]));

const first = 400_000;

/** A container whose ids are those of the host from `first` on. */
function mapped(change: (config: Config, container: TestContainer) => void = () => {}): TestContainer {
  return harness.container((config, container) => {
    ownIds(config, container, first);
    change(config, container);
  });
}

test("root in the container is another user on the host", async () => {
  const container = await mapped().start();
  expect(readlinkSync(`/proc/${container.report.pid}/ns/user`)).not.toBe(readlinkSync("/proc/self/ns/user"));
  expect(container.proc("status")).toMatch(new RegExp(`^Uid:\\s+${first}\\s+${first}\\s+${first}\\s+${first}$`, "m"));
  expect(container.proc("uid_map").trim().split(/\s+/)).toEqual(["0", String(first), "65536"]);
  await container.kill();
});

test("every namespace belongs to the container's user namespace", async () => {
  const container = await mapped((config) => script(config, "read line")).start();
  const parents =
    "import fcntl,os,sys\nfor n in sys.argv[2:]:\n f=os.open(f'/proc/{sys.argv[1]}/ns/{n}',os.O_RDONLY)\n print(os.fstat(fcntl.ioctl(f,0xb701)).st_ino)";
  const kinds = ["pid", "mnt", "uts", "ipc", "net", "cgroup"];
  const owners = execFileSync("python3", ["-c", parents, String(container.report.pid), ...kinds], { encoding: "utf8" });
  const user = readlinkSync(`/proc/${container.report.pid}/ns/user`).match(/\d+/)?.[0];
  expect(owners.trim().split("\n")).toEqual(kinds.map(() => user));
  await container.kill();
});

test("the base image belongs to the container's ids, and stays as it is", async () => {
  const container = mapped((config) =>
    script(config, "stat -c '%u:%g' /etc/passwd /etc /; echo changed > /etc/passwd; touch /new; chown 7:8 /new; id -u"),
  );
  const { stdout, stderr } = await container.output();
  expect(stderr).toBe("");
  expect(stdout).toBe("0:0\n0:0\n0:0\n0\n");
  const upper = (name: string) => statSync(join(container.state, "upper", name));
  expect([upper("new").uid, upper("new").gid]).toEqual([first + 7, first + 8]);
  expect(upper("etc/passwd").uid).toBe(first);
  expect(statSync(join(harness.rootfs, "etc/passwd")).uid).toBe(0);
});

test("devices, views of the kernel and streams are as without", async () => {
  const container = mapped((config) =>
    script(
      config,
      `stat -c '%n %F %t:%T' /dev/null /dev/tty; echo x > /dev/null && head -c 4 /dev/zero | wc -c
       mknod /tmp/disk b 8 0; echo 1 > /proc/sys/kernel/hostname; cat /proc/timer_list | wc -c; ls /sys/fs/cgroup | head -1
       stat -c '%u %a' /dev/shm /dev/mqueue /dev/pts; hostname; echo again > /dev/stdout; ip -o link show up | wc -l`,
    ),
  );
  const { stdout, stderr } = await container.output();
  expect(stdout).toContain("/dev/null character special file 1:3\n/dev/tty character special file 5:0\n4\n0\n");
  expect(stdout).toContain("0 1777\n0 1777\n");
  expect(stdout).toMatch(/tested\nagain\n1\n$/);
  expect(stderr).toMatch(/mknod: .*Operation not permitted/);
  expect(stderr).toContain("Read-only file system");
});

test("a terminal belongs to the container's user", async () => {
  const container = await mapped((config) => {
    config.process.user = { uid: 1000, gid: 1000 };
    config.process.args = ["sh", "-c", "tty; stat -c %u:%g $(tty); id -u; stty size; read line"];
  }).start();
  const client = await container.attach();
  expect(await client.untilText("24 80")).toMatch(/\/dev\/pts\/0\s+1000:5\s+1000\s+24 80/);
  await container.kill();
});

test("a further command enters the user namespace too, with a terminal or without", async () => {
  const container = await mapped().start();
  const plain = await new TestExec(container).start({
    terminal: false,
    args: ["sh", "-c", "id -u; cat /proc/self/uid_map; touch /made"],
  });
  await plain.gone();
  expect(plain.report.ok, JSON.stringify(plain.report)).toBe(true);
  expect(plain.output().trim().split(/\s+/)).toEqual(["0", "0", String(first), "65536"]);
  expect(statSync(join(container.state, "upper/made")).uid).toBe(first);
  const terminal = await new TestExec(container).start({
    terminal: true,
    args: ["sh", "-c", "stat -c %u $(tty); id -u"],
    user: { uid: 1000, gid: 1000 },
  });
  await terminal.gone();
  expect(terminal.output().replaceAll("\r", "")).toBe("1000\n1000\n");
  await container.kill();
});

test("a bind that is id-mapped shows the container's ids, one that is not shows nobody", async () => {
  const folder = join(harness.home, "shared");
  mkdirSync(folder);
  writeFileSync(join(folder, "file"), "content");
  chownSync(join(folder, "file"), 1000, 1000);
  const container = mapped((config) => {
    for (const [destination, option] of [
      ["/mapped", "idmap"],
      ["/plain", "ro"],
    ] as const)
      config.mounts.push({ destination, type: "bind", source: folder, options: ["rbind", option] });
    script(config, "stat -c %u /mapped /mapped/file /plain/file; touch /mapped/new; chown 5 /mapped/new");
  });
  const { stdout, stderr } = await container.output();
  expect(stderr).toBe("");
  expect(stdout).toBe("0\n1000\n65534\n");
  expect(statSync(join(folder, "new")).uid).toBe(5);
});

test("a bind may have mappings of its own", async () => {
  const folder = join(harness.home, "own");
  mkdirSync(folder);
  chownSync(folder, 123, 456);
  const container = mapped((config) => {
    const mappings = (hostID: number) => [{ containerID: 123, hostID: first + hostID, size: 1 }];
    const gids = [{ containerID: 456, hostID: first + 9, size: 1 }];
    const mount = { destination: "/own", type: "bind", source: folder, options: ["bind"] };
    config.mounts.push({ ...mount, uidMappings: mappings(8), gidMappings: gids } as (typeof config.mounts)[number]);
    script(config, "stat -c %u:%g /own");
  });
  expect((await container.output()).stdout).toBe("8:9\n");
});

test("a container can share the namespaces of another one", async () => {
  const one = await mapped((config) => script(config, "read line")).start();
  const place = (name: string) => `/proc/${one.report.pid}/ns/${name}`;
  const other = mapped((config) => {
    config.linux.namespaces = ["user", "pid", "network", "ipc", "uts"]
      .map((type) => ({ type, path: place(type === "network" ? "net" : type) }))
      .concat(["mount", "cgroup"].map((type) => ({ type, path: "" })));
    script(config, "ps ax | wc -l; id -u; touch /x && kill -0 1 && echo found");
  });
  const { stdout, stderr } = await other.output();
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^\s*\d+\n0\nfound\n$/);
  expect(Number.parseInt(stdout, 10)).toBeGreaterThan(3);
  await one.kill();
});

test("a path that is no namespace, or one of another kind, is an error that says so", async () => {
  for (const [path, says] of [
    ["/etc/passwd", "is no namespace"],
    ["/proc/self/ns/ipc", "is a namespace of kind ipc"],
  ] as const) {
    const container = mapped((config) => {
      config.linux.namespaces = config.linux.namespaces.map((one) => (one.type === "network" ? { ...one, path } : one));
    });
    const report = await container.tryStart();
    expect(report).toMatchObject({ ok: false, step: "open net", errnoName: "EINVAL" });
    expect(report.message).toContain(says);
  }
});

test("the trace tells which process made a call", async () => {
  const container = await mapped((config) => script(config, "true")).start();
  const sides = Object.fromEntries(container.trace().map(({ name, side }) => [name, side]));
  expect(sides).toMatchObject({ "user namespace": "host", "join user": "intermediate", "namespace root": "child" });
  expect(readFileSync(join(container.state, "trace.json"), "utf8")).toContain(`0 ${first} 65536`);
  await container.gone();
});
