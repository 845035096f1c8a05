import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { link, mkdir, readdir, readFile, rename, symlink, writeFile as write } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Context } from "../context.ts";
import { execute } from "../operations/execute.ts";
import { creation, makeTestWorker, operation, type TestWorker } from "../testing/test-worker.ts";
import { changeFile, deleteFile } from "./change-file.ts";
import { withRoot } from "./container-root.ts";
import { listFiles } from "./list-files.ts";
import { openFile, readBytes } from "./read-file.ts";
import { type WriteRequest, writeFile } from "./write-file.ts";

let worker: TestWorker;
let context: Context;

beforeAll(async () => {
  worker = await makeTestWorker();
  context = await worker.restart();
}, 60_000);
afterAll(async () => {
  await worker.clear();
  await worker.remove();
});

async function* bytes(...pieces: string[]) {
  for (const piece of pieces) yield Buffer.from(piece);
}

const put = (id: string, path: string, content: string, request: Partial<WriteRequest> = {}) =>
  writeFile(context, id, { path, mode: 0o644, ifMatch: null, ifNoneMatch: null, ...request }, bytes(content));

const get = (id: string, path: string) =>
  withRoot(context, id, "read", async (root) => {
    const { entry, file } = await openFile(context.addon, root, path);
    const pieces: Buffer[] = [];
    for await (const piece of readBytes(file, entry.size)) pieces.push(piece);
    await file.close();
    return Buffer.concat(pieces).toString();
  });

const list = (id: string, path: string) => {
  const record = context.records.get(id);
  if (!record) throw new Error(`there is no record of ${id}`);
  return listFiles(context, record, path);
};

const upperOf = (id: string) => join(context.records.folder(id), "upper");
const openDescriptors = () => readdirSync("/proc/self/fd").length;

/** A container whose file system holds traps. */
async function makeContainer(start: boolean): Promise<string> {
  const id = randomUUID();
  await execute(context, creation(id));
  const upper = upperOf(id);
  await mkdir(join(upper, "work"));
  await write(join(upper, "work/a"), "one");
  await link(join(upper, "work/a"), join(upper, "work/hard"));
  await symlink("/etc", join(upper, "absolute"));
  await symlink("../../../../../../../..", join(upper, "up"));
  await symlink("/proc/self/root", join(upper, "magic"));
  await symlink("circle", join(upper, "circle"));
  await symlink("/nowhere", join(upper, "dangling"));
  await symlink("work/a", join(upper, "to-a"));
  execFileSync("mkfifo", [join(upper, "fifo")]);
  execFileSync("mknod", [join(upper, "null"), "c", "1", "3"]);
  if (start) expect((await execute(context, operation("start", id, {}))).problem).toBeNull();
  return id;
}

describe.each([
  ["runs", true],
  ["does not run", false],
])("files of a container that %s", (_, start) => {
  let id: string;
  beforeAll(async () => {
    id = await makeContainer(start);
  }, 30_000);

  it("are listed with their kinds, directories first", async () => {
    const { entry, entries, truncated, writable } = await list(id, "/");
    expect(entry).toMatchObject({ name: "/", path: "/", type: "directory" });
    expect({ truncated, writable }).toEqual({ truncated: false, writable: true });
    const kinds = new Map(entries.map(({ name, type, target }) => [name, target ?? type]));
    expect(kinds.get("fifo")).toBe("fifo");
    expect(kinds.get("null")).toBe("device");
    expect(kinds.get("absolute")).toBe("/etc");
    const types = entries.map(({ type }) => type === "directory");
    expect(types).toEqual([...types].sort((a, b) => Number(b) - Number(a)));
  });

  it("are written whole, keep their owner and permissions, and are read back", async () => {
    const made = await put(id, "/work/new", "first", { mode: 0o600 });
    expect(made).toMatchObject({ name: "new", type: "file", sizeBytes: 5, mode: 0o600, uid: 0, gid: 0 });
    await withRoot(context, id, "write", async (root) => {
      const { entry, file } = await openFile(context.addon, root, "/work/new");
      await file.chown(1000, 1001);
      await file.chmod(0o640);
      await file.close();
      expect(entry.etag).toBe(made.etag);
    });
    expect(await put(id, "/work/new", "second")).toMatchObject({ mode: 0o640, uid: 1000, gid: 1001 });
    expect(await get(id, "/work/new")).toBe("second");
    expect(await readFile(join(upperOf(id), "work/new"), "utf8")).toBe("second");
  });

  it("are replaced through a link without replacing the link, and hard links keep the old content", async () => {
    await put(id, "/to-a", "two");
    expect(await get(id, "/work/a")).toBe("two");
    expect(await get(id, "/work/hard")).toBe("one");
    expect((await list(id, "/")).entries.find(({ name }) => name === "to-a")?.type).toBe("symlink");
  });

  it("are guarded by If-Match and If-None-Match", async () => {
    const first = await put(id, "/work/guarded", "1", { ifNoneMatch: "*" });
    const changed = { problem: { code: "changed-meanwhile", status: 412 } };
    await expect(put(id, "/work/guarded", "x", { ifNoneMatch: "*" })).rejects.toMatchObject(changed);
    const second = await put(id, "/work/guarded", "2", { ifMatch: `"${first.etag}"` });
    await expect(put(id, "/work/guarded", "x", { ifMatch: `"${first.etag}"` })).rejects.toMatchObject(changed);
    await expect(put(id, "/work/none", "x", { ifMatch: "*" })).rejects.toMatchObject(changed);
    expect((await list(id, "/work/guarded")).entry.etag).toBe(second.etag);
    expect(await get(id, "/work/guarded")).toBe("2");
  });

  it("leave nothing behind when the upload breaks off", async () => {
    async function* broken() {
      yield Buffer.from("half");
      throw new Error("the client went away");
    }
    const request = { path: "/work/broken", mode: 0o644, ifMatch: null, ifNoneMatch: null };
    await expect(writeFile(context, id, request, broken())).rejects.toThrow("the client went away");
    const names = await readdir(join(upperOf(id), "work"));
    expect(names.filter((name) => name.includes("broken") || name.startsWith(".minirun-"))).toEqual([]);
  });

  it("are made, moved and deleted, and never overwritten by a move", async () => {
    await changeFile(context, id, { action: "make-directory", path: "/work/dir" });
    await put(id, "/work/dir/x", "x");
    await expect(changeFile(context, id, { action: "make-directory", path: "/work/dir" })).rejects.toMatchObject({
      problem: { code: "file-exists" },
    });
    await expect(changeFile(context, id, { action: "move", path: "/work/dir/x", to: "/work/a" })).rejects.toMatchObject(
      {
        problem: { code: "file-exists" },
      },
    );
    await changeFile(context, id, { action: "move", path: "/work/dir/x", to: "/work/dir/y" });
    await expect(deleteFile(context, id, "/work/dir", false)).rejects.toMatchObject({
      problem: { code: "directory-not-empty" },
    });
    await deleteFile(context, id, "/work/dir", true);
    await expect(list(id, "/work/dir")).rejects.toMatchObject({ problem: { code: "file-not-found" } });
  });

  it("delete a link, not what it leads to", async () => {
    await changeFile(context, id, { action: "move", path: "/absolute", to: "/renamed" });
    await deleteFile(context, id, "/renamed", true);
    expect((await list(id, "/etc")).entries.length).toBeGreaterThan(0);
    expect(existsSync("/etc/passwd")).toBe(true);
  });

  it.each(["/..", "/../../etc", "/up", "/up/etc/../..", "/work/../../.."])("%s stays inside", async (path) => {
    const inside = (await list(id, "/")).entries.map(({ name }) => name);
    const there = (await list(id, path)).entries.map(({ name }) => name);
    // The trap's names are in the container's root alone.
    if (path.includes("etc") && !path.endsWith("..")) expect(there).not.toContain("shadow-of-host");
    else expect(there).toEqual(inside);
  });

  it.each(["/magic", "/magic/etc/passwd", "/circle", "/proc/self/root/etc", "/proc/1/root", "/proc/1/cwd"])(
    "%s leads nowhere",
    async (path) => {
      await expect(get(id, path)).rejects.toBeInstanceOf(Error);
      const outcome = await list(id, path).then(
        ({ entry }) => entry.type,
        (error) => error.problem.code,
      );
      expect(["file-type", "file-not-found", "symlink"]).toContain(outcome);
    },
  );

  it("show a link that leads to nothing as a link, and write the file that it names", async () => {
    expect((await list(id, "/dangling")).entry).toMatchObject({ type: "symlink", target: "/nowhere" });
    await put(id, "/dangling", "found");
    expect(await get(id, "/nowhere")).toBe("found");
    expect(existsSync("/nowhere")).toBe(false);
  });

  it.each([
    ["/fifo", "a fifo"],
    ["/null", "a device"],
    ["/work", "a directory"],
  ])("%s is never opened", async (path, what) => {
    await expect(get(id, path)).rejects.toMatchObject({
      problem: { code: "file-type", detail: expect.stringContaining(what) },
    });
    await expect(put(id, path, "x")).rejects.toMatchObject({ problem: { code: "file-type" } });
  });

  it.each(["/", "/work/..", "/work/."])("%s names nothing that could be deleted", async (path) => {
    await expect(deleteFile(context, id, path, true)).rejects.toMatchObject({ problem: { code: "invalid-request" } });
  });

  it("leave no descriptor open", async () => {
    await list(id, "/work");
    await get(id, "/work/a");
    await new Promise((resolve) => setTimeout(resolve, 100));
    const before = openDescriptors();
    for (let round = 0; round < 10; round += 1) {
      await list(id, "/work");
      await get(id, "/work/a");
      await put(id, "/work/again", "x");
      await expect(put(id, "/fifo", "x")).rejects.toThrow();
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(openDescriptors()).toBeLessThanOrEqual(before + 1);
  });
});

describe("files of a hostile container", () => {
  let id: string;
  beforeAll(async () => {
    id = await makeContainer(true);
  }, 30_000);

  it("that are the kernel's are listed, but neither read nor written", async () => {
    expect((await list(id, "/proc")).writable).toBe(false);
    const refused = { problem: { code: "file-type" } };
    await expect(get(id, "/proc/meminfo")).rejects.toMatchObject(refused);
    await expect(put(id, "/proc/sysrq-trigger", "x")).rejects.toMatchObject(refused);
    await expect(put(id, "/sys/kernel/x", "x")).rejects.toMatchObject(refused);
    await expect(deleteFile(context, id, "/proc/1", true)).rejects.toMatchObject(refused);
  });

  it("stay inside while a directory and a link to the host change places all the time", async () => {
    const top = `/proc/${context.records.get(id)?.status.pid}/root`;
    await mkdir(join(top, "race"));
    await write(join(top, "race/hostname"), "inside");
    await symlink("/proc/1/root/etc", join(top, "trap"));
    let racing = true;
    const race = (async () => {
      while (racing) {
        await rename(join(top, "race"), join(top, "kept"));
        await rename(join(top, "trap"), join(top, "race"));
        await rename(join(top, "race"), join(top, "trap"));
        await rename(join(top, "kept"), join(top, "race"));
      }
    })();
    const before = await readFile("/etc/hostname", "utf8");
    let succeeded = 0;
    for (let round = 0; round < 100; round += 1) {
      const text = await get(id, "/race/hostname").catch(() => "inside");
      expect(text).toMatch(/^inside/);
      await put(id, "/race/hostname", `inside ${round}`).then(
        () => (succeeded += 1),
        () => {},
      );
    }
    racing = false;
    await race;
    expect(succeeded).toBeGreaterThan(0);
    expect(await readFile("/etc/hostname", "utf8")).toBe(before);
  });

  it("are not removed or moved where something is mounted", async () => {
    await expect(deleteFile(context, id, "/dev", true)).rejects.toMatchObject({
      problem: { code: "file-type", title: "That is a mount point" },
    });
    await expect(changeFile(context, id, { action: "move", path: "/dev", to: "/elsewhere" })).rejects.toMatchObject({
      problem: { title: "That is a mount point" },
    });
    expect((await list(id, "/dev")).entries.map(({ name }) => name)).toContain("shm");
  });
});

describe("a container with a read-only root", () => {
  it("refuses to be written to, running or not", async () => {
    const id = randomUUID();
    const create = creation(id);
    if (create.verb === "create") create.arguments.readOnly = true;
    await execute(context, create);
    const refused = { problem: { code: "read-only", status: 409 } };
    await expect(put(id, "/x", "x")).rejects.toMatchObject(refused);
    expect((await list(id, "/")).writable).toBe(false);
    expect((await execute(context, operation("start", id, {}))).problem).toBeNull();
    await expect(put(id, "/x", "x")).rejects.toMatchObject(refused);
    expect((await list(id, "/")).writable).toBe(false);
    await put(id, "/dev/shm/x", "x");
    expect(await get(id, "/dev/shm/x")).toBe("x");
  });
});

describe("a stopped container's layers", () => {
  it("stand in no mount table while they are worked on, and a start waits for a writer", async () => {
    const id = randomUUID();
    await execute(context, creation(id));
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    async function* slow() {
      yield Buffer.from("a");
      await held;
      yield Buffer.from("b");
    }
    const request = { path: "/root/slow", mode: 0o644, ifMatch: null, ifNoneMatch: null };
    const upload = writeFile(context, id, request, slow());
    const start = execute(context, operation("start", id, {}));
    expect(await get(id, "/etc/hostname")).toContain("c-");
    expect(await readFile("/proc/self/mountinfo", "utf8")).not.toContain(id);
    expect(context.records.get(id)?.status.state).toBe("created");
    release();
    await upload;
    expect((await start).problem).toBeNull();
    expect(await get(id, "/root/slow")).toBe("ab");
  });
});

it.each([
  ["start", false],
  ["restart", true],
  ["delete", false],
] as const)("an upload that never ends is ended by a %s, and leaves nothing behind", async (verb, start) => {
  const id = await makeContainer(start);
  async function* trickle() {
    yield Buffer.from("half");
    await new Promise(() => {});
  }
  const request = { path: "/work/slow", mode: 0o644, ifMatch: null, ifNoneMatch: null };
  const upload = writeFile(context, id, request, trickle()).catch((error) => error.problem);
  const work = join(upperOf(id), "work");
  await expect.poll(() => readdirSync(work).some((name) => name.startsWith(".minirun-"))).toBe(true);
  const given = { start: {}, restart: { timeoutSeconds: 0 }, delete: { force: false } }[verb];
  expect((await execute(context, operation(verb, id, given))).problem).toBeNull();
  expect(await upload).toMatchObject({ code: "superseded", title: "The upload was ended" });
  if (verb !== "delete") expect(readdirSync(work).filter((name) => name.startsWith("."))).toEqual([]);
});
