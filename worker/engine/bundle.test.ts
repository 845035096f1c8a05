import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { ContainerSpec, type IdRange } from "../../lib/contract/container.ts";
import { makeBundle } from "./bundle.ts";
import { readMaxOpenFiles } from "./host-limits.ts";

const id = randomUUID();
const folder = `/var/lib/minirun/containers/${id}`;

function bundle(given: object = {}, maxOpenFiles = 4096, who: object = {}, ids: IdRange | null = null) {
  const spec = ContainerSpec.parse({ name: "web-1", command: ["/bin/sh"], ...given });
  const host = { lower: "/srv/rootfs", folder, cgroup: "minirun", seccomp: {}, maxOpenFiles };
  const user = { uid: 0, gid: 0, additionalGids: [], home: "/root", ...who };
  return makeBundle({ id, spec, ids, ...host, user, binds: [] });
}

describe("makeBundle", () => {
  it("names the layers, and the container's own control group", () => {
    const { annotations, linux } = bundle();
    expect(annotations).toEqual({
      "dev.minirun.overlay.lower": "/srv/rootfs",
      "dev.minirun.overlay.upper": `${folder}/upper`,
      "dev.minirun.overlay.work": `${folder}/work`,
      "dev.minirun.binds": "real-paths",
    });
    expect(linux.cgroupsPath).toBe(`/minirun/${id}`);
  });

  it("asks for the limits as the kernel counts them", () => {
    const { resources } = bundle({ limits: { memoryBytes: 67_108_864, cpus: 0.25, pids: 10 } }).linux;
    expect(resources).toEqual({
      memory: { limit: 67_108_864, swap: 67_108_864 },
      cpu: { quota: 25_000, period: 100_000 },
      pids: { limit: 10 },
    });
  });

  it("gives a network namespace unless the host's is asked for", () => {
    const types = (given: object) => bundle(given).linux.namespaces.map(({ type }) => type);
    expect(types({})).toEqual(["pid", "mount", "uts", "ipc", "cgroup", "network"]);
    expect(types({ network: "host" })).not.toContain("network");
  });

  it("gives a user namespace with the container's ids, by which the image is mapped", () => {
    const own = (given: object = {}) => bundle(given, 4096, {}, { start: 100_000, size: 65_536 });
    const mappings = [{ containerID: 0, hostID: 100_000, size: 65_536 }];
    expect(own().linux).toMatchObject({ uidMappings: mappings, gidMappings: mappings });
    expect(own().linux.namespaces).toContainEqual({ type: "user" });
    expect(own().annotations).toMatchObject({ "dev.minirun.overlay.idmap": "lower" });
    expect(bundle().linux).not.toHaveProperty("uidMappings");
  });

  it("shows the host's sysfs where the network is the host's and the users are not", () => {
    const sys = (ids: IdRange | null, network: string) =>
      bundle({ network }, 4096, {}, ids).mounts.find(({ destination }) => destination === "/sys")?.type;
    const ids = { start: 100_000, size: 65_536 };
    expect([sys(ids, "host"), sys(ids, "loopback"), sys(null, "host")]).toEqual(["bind", "sysfs", "sysfs"]);
  });

  it("sets the usual variables, and lets those of the request win", () => {
    const { env } = bundle({ env: { HOME: "/srv", GREETING: "a=b" } }).process;
    expect(env).toEqual(expect.arrayContaining(["TERM=xterm-256color", "HOSTNAME=web-1", "HOME=/srv", "GREETING=a=b"]));
    expect(env.filter((line) => line.startsWith("HOME="))).toHaveLength(1);
    expect(bundle({ tty: false }).process.env.join()).not.toContain("TERM=");
  });

  it("grants nothing that it does not name", () => {
    const { process } = bundle({}, 512);
    expect(process.noNewPrivileges).toBe(true);
    expect(process.capabilities.bounding).toHaveLength(11);
    expect(process.capabilities).toMatchObject({ inheritable: [], ambient: [] });
    expect(process.rlimits).toEqual([{ type: "RLIMIT_NOFILE", soft: 512, hard: 512 }]);
  });
});

describe("readMaxOpenFiles", () => {
  it("reads proc(5)'s limits", () => {
    expect(readMaxOpenFiles("Max open files            1024                 20000                files")).toBe(20_000);
    expect(readMaxOpenFiles("Max open files            1024                 unlimited            files")).toBe(
      1_048_576,
    );
    expect(readMaxOpenFiles()).toBeGreaterThan(0);
  });

  it("gives another user than root its home and no capabilities", () => {
    const { process } = bundle({ user: "web" }, 4096, { uid: 33, gid: 34, additionalGids: [50], home: "/srv/www" });
    expect(process.user).toEqual({ uid: 33, gid: 34, additionalGids: [50] });
    expect(process.env).toContain("HOME=/srv/www");
    expect(process.capabilities).toMatchObject({ effective: [], permitted: [] });
    expect(process.capabilities.bounding).not.toEqual([]);
  });

  it("makes the root read-only where that is asked for", () => {
    expect(bundle({ readOnly: true }).root.readonly).toBe(true);
    expect(bundle().root.readonly).toBe(false);
  });
});
