import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { chown } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CreateContainerInput } from "../../lib/contract/container.ts";
import { FileListing } from "../../lib/contract/file.ts";
import { type Instance, startInstance } from "../support/instance.ts";
import { readStatus } from "../support/processes.ts";

let instance: Instance;
/** A folder of the host that containers may be given. */
let shared: string;

beforeAll(async () => {
  instance = await startInstance();
  shared = join(instance.folder, "shared");
  mkdirSync(shared);
  writeFileSync(join(shared, "of-1000"), "");
  await chown(join(shared, "of-1000"), 1000, 1000);
  writeFileSync(
    instance.config.configFile,
    JSON.stringify({ binds: [{ path: shared, readOnly: false }, "/proc/tty"] }),
  );
});

afterAll(async () => {
  expect((await instance?.stop()) ?? []).toEqual([]);
});

const inspect = (name: string) => instance.client.call("getContainer", { params: { name } });

/** Makes and starts one that waits. */
async function run(body: CreateContainerInput & { name: string }) {
  await instance.client.call("createContainer", { body: { command: ["sleep", "1000"], tty: false, ...body } });
  return instance.client.call("startContainer", { params: { name: body.name } });
}

const stop = (name: string) => instance.client.call("killContainer", { params: { name } });

/** What a command in a container prints. */
async function inside(name: string, ...command: string[]): Promise<string> {
  const { code, stdout, stderr } = await instance.cli(["exec", name, ...command]);
  expect(`${code} ${stderr}`).toBe("0 ");
  return stdout.trim();
}

async function put(name: string, kind: "content" | "archive", path: string, body: BodyInit): Promise<number> {
  const url = `/containers/${name}/files/${kind}?path=${encodeURIComponent(path)}`;
  const headers = { "content-type": kind === "archive" ? "application/x-tar" : "application/octet-stream" };
  return (await instance.request(url, { method: "PUT", body, headers })).status;
}

/** Owner and group of what a path names, and of what is in it, as the Files tab shows them. */
async function owners(name: string, path: string): Promise<Record<string, string>> {
  const answer = await instance.request(`/containers/${name}/files?path=${encodeURIComponent(path)}`);
  const { entry, entries } = FileListing.parse(await answer.json());
  return Object.fromEntries([entry, ...entries].map(({ path, uid, gid }) => [path, `${uid}:${gid}`]));
}

const uidMap = (pid: number | null) => readFileSync(`/proc/${pid}/uid_map`, "utf8").trim().split(/\s+/).map(Number);

describe("a container's users", () => {
  it("are others on the host, root too, and no two containers share any", async () => {
    const both = [await run({ name: "ids-a" }), await run({ name: "ids-b" })];
    const starts = both.map(({ pid, idRange }) => {
      const start = idRange?.start ?? 0;
      expect(uidMap(pid)).toEqual([0, start, 65_536]);
      expect(readFileSync(`/proc/${pid}/gid_map`, "utf8")).toBe(readFileSync(`/proc/${pid}/uid_map`, "utf8"));
      expect(readStatus(pid ?? 0)).toMatchObject({ Uid: [start, start, start, start].join("\t"), Groups: "" });
      return start;
    });
    expect(Math.abs((starts[0] ?? 0) - (starts[1] ?? 0))).toBeGreaterThanOrEqual(65_536);
    expect(await inside("ids-a", "id")).toBe("uid=0(root) gid=0(root) groups=0(root)");
  });

  it("are shown as the container counts, in processes and by inspect", async () => {
    const { items } = await instance.client.call("listProcesses", { params: { name: "ids-a" } });
    expect(items[0]).toMatchObject({ uid: 0, user: "root", pid: 1 });
    const { idRange } = await inspect("ids-a");
    expect((await instance.cli(["inspect", "ids-a"])).stdout).toContain(`ids 0 to 65535 are ${idRange?.start} to`);
  });

  it("stay the same over a restart, and are the next one's once it is deleted", async () => {
    const { idRange } = await inspect("ids-b");
    await instance.client.call("restartContainer", { params: { name: "ids-b" }, body: { timeoutSeconds: 0 } });
    expect(await inspect("ids-b")).toMatchObject({ state: "running", idRange });
    await instance.cli(["rm", "-f", "ids-b"]);
    expect(await run({ name: "ids-c" })).toMatchObject({ idRange });
    await instance.cli(["rm", "-f", "ids-c"]);
  });

  it("are the host's by request", async () => {
    expect(
      await instance.cli(["run", "-d", "--userns", "host", "--name", "ids-host", "host", "sleep", "1000"]),
    ).toMatchObject({ code: 0 });
    const { pid, idRange, missing } = await inspect("ids-host");
    expect({ idRange, missing }).toEqual({ idRange: null, missing: [] });
    expect(uidMap(pid)).toEqual([0, 0, 2 ** 32 - 1]);
    await instance.cli(["rm", "-f", "ids-host"]);
  });

  it("are refused beyond the container's ids", async () => {
    const answer = await instance.cli(["create", "ids-far", "--user", "70000", "--", "true"]);
    expect(answer).toMatchObject({ code: 1, stderr: expect.stringContaining("no user or group 70000") });
  });
});

describe("a container's files", () => {
  it("belong to its users on the host, and are shown with its ids", async () => {
    const { id, idRange } = await inspect("ids-a");
    const start = idRange?.start ?? 0;
    const make = { action: "make-directory", path: "/srv" } as const;
    await instance.client.call("changeFile", { params: { name: "ids-a" }, body: make });
    expect(await put("ids-a", "content", "/srv/sent", "sent")).toBe(200);
    await inside("ids-a", "sh", "-c", "touch /srv/own && chown 33:34 /srv/own");
    expect(await owners("ids-a", "/srv")).toEqual({ "/srv": "0:0", "/srv/sent": "0:0", "/srv/own": "33:34" });
    expect(await inside("ids-a", "stat", "-c", "%u:%g", "/etc/passwd", "/srv/sent", "/srv/own")).toBe(
      "0:0\n0:0\n33:34",
    );
    const { uid, gid } = statSync(join(instance.config.home, "containers", id, "upper/srv/own"));
    expect({ uid, gid }).toEqual({ uid: start + 33, gid: start + 34 });
  });

  it("keep their owners in archives, and while nothing runs", async () => {
    const archive = await instance.request("/containers/ids-a/files/archive?path=/srv");
    const tar = await archive.arrayBuffer();
    await stop("ids-a");
    expect(await put("ids-a", "archive", "/mnt", tar)).toBe(200);
    expect(await owners("ids-a", "/mnt/srv")).toMatchObject({ "/mnt/srv/sent": "0:0", "/mnt/srv/own": "33:34" });
  });

  it("are a clone's with the clone's ids, also across kinds of user namespaces", async () => {
    const source = await inspect("ids-a");
    for (const kind of ["own", "host"]) {
      const name = `ids-clone-${kind}`;
      expect(await instance.cli(["clone", "--userns", kind, "ids-a", name])).toMatchObject({ code: 0 });
      const { idRange } = await inspect(name);
      expect(idRange === null).toBe(kind === "host");
      expect(idRange?.start).not.toBe(source.idRange?.start);
      expect(await owners(name, "/srv")).toEqual({ "/srv": "0:0", "/srv/sent": "0:0", "/srv/own": "33:34" });
    }
    await instance.cli(["clone", "--userns", "own", "ids-clone-host", "ids-clone-back"]);
    expect(await owners("ids-clone-back", "/srv")).toMatchObject({ "/srv/own": "33:34" });
    await instance.cli(["start", "ids-clone-back"]);
    expect(await inside("ids-clone-back", "stat", "-c", "%u:%g", "/srv/own", "/etc/hostname")).toBe("33:34\n0:0");
    await instance.cli(["rm", "-f", "ids-clone-own", "ids-clone-host", "ids-clone-back"]);
  });
});

describe("a bind", () => {
  it("has the host's owners in the container, and takes files from the container and from the API", async () => {
    await run({ name: "ids-bind", binds: [{ source: shared, target: "/data", readOnly: false }] });
    expect(await inspect("ids-bind")).toMatchObject({ missing: [] });
    await inside("ids-bind", "sh", "-c", "echo written > /data/written");
    expect(await put("ids-bind", "content", "/data/sent", "1")).toBe(200);
    expect(await put("ids-bind", "content", "/data/sent", "2")).toBe(200);
    expect(await put("ids-bind", "content", "/data/of-1000", "mine")).toBe(200);
    const move = { action: "move", path: "/data/sent", to: "/data/moved" } as const;
    await instance.client.call("changeFile", { params: { name: "ids-bind" }, body: move });
    expect(await owners("ids-bind", "/data")).toEqual({
      "/data": "0:0",
      "/data/moved": "0:0",
      "/data/of-1000": "1000:1000",
      "/data/written": "0:0",
    });
    const onHost = (name: string) => statSync(join(shared, name)).uid;
    expect(["moved", "of-1000", "written"].map(onHost)).toEqual([0, 1000, 0]);
    expect(readFileSync(join(shared, "moved"), "utf8")).toBe("2");
    await instance.cli(["rm", "-f", "ids-bind"]);
  });

  it("of a file system that can't be id-mapped is there, and is said to be nobody's", async () => {
    await run({ name: "ids-proc", binds: [{ source: "/proc/tty", target: "/data" }] });
    const missing = [{ feature: "owners in /data", reason: expect.stringContaining("can't id-map") }];
    expect(await inspect("ids-proc")).toMatchObject({ missing });
    expect(await inside("ids-proc", "stat", "-c", "%u", "/data/drivers")).toBe("65534");
    expect(await owners("ids-proc", "/")).toMatchObject({ "/data": "65534:65534" });
    await instance.cli(["rm", "-f", "ids-proc"]);
  });
});

it("a container on the host's network sees the host's devices, and none of its control groups", async () => {
  await run({ name: "ids-net", network: "host" });
  expect(await inside("ids-net", "ls", "/sys/class/net")).toContain("lo");
  expect(
    await inside("ids-net", "sh", "-c", "ls -d /sys/kernel/debug/* /sys/fs/cgroup/*/minirun* 2>/dev/null; true"),
  ).toBe("");
  await instance.cli(["rm", "-f", "ids-net"]);
});
