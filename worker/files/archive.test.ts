import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { link, lstat, mkdir, mkdtemp, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Header, pack } from "tar-stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Context } from "../context.ts";
import { execute } from "../operations/execute.ts";
import { creation, makeTestWorker, startContainer, type TestWorker } from "../testing/test-worker.ts";
import { using, withRoot } from "./container-root.ts";
import { packArchive } from "./read-archive.ts";
import { writeArchive } from "./write-archive.ts";

let worker: TestWorker;
let context: Context;
let folder: string;

beforeAll(async () => {
  worker = await makeTestWorker();
  context = await worker.restart();
  folder = await mkdtemp(join(tmpdir(), "minirun-test-archive-"));
}, 60_000);
afterAll(async () => {
  await worker.clear();
  await worker.remove();
  await rm(folder, { recursive: true });
});

const upperOf = (id: string) => join(context.records.folder(id), "upper");

async function stopped(): Promise<string> {
  const id = randomUUID();
  await execute(context, creation(id));
  return id;
}

const download = (id: string, path: string, name: string) =>
  withRoot(context, id, "read", async (root) => {
    const top = await context.addon.openEntry(root, path, true);
    return using(top.fd, async () => {
      const pieces: Buffer[] = [];
      for await (const piece of packArchive(context.addon, top, name)) pieces.push(piece);
      return Buffer.concat(pieces);
    });
  });

async function* inPieces(archive: Buffer, size = 1000) {
  for (let at = 0; at < archive.length; at += size) yield archive.subarray(at, at + size);
}
const upload = (id: string, path: string, archive: Buffer) => writeArchive(context, id, path, inPieces(archive));

/** An archive of entries as a hostile client would make them. */
async function craft(...entries: (Partial<Header> & { name: string; content?: string })[]): Promise<Buffer> {
  const made = pack();
  for (const { content = "", ...header } of entries) made.entry(header, content);
  made.finalize();
  const pieces: Buffer[] = [];
  for await (const piece of made as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces);
}

const invalid = { problem: { code: "invalid-archive", status: 422 } };

describe("an archive of a container's directory", () => {
  it("holds what GNU tar takes out again: owners, permissions, times, links", async () => {
    const id = await stopped();
    const source = join(upperOf(id), "data");
    await mkdir(join(source, "below"), { recursive: true });
    await writeFile(join(source, "below/file"), "content", { mode: 0o751 });
    await link(join(source, "below/file"), join(source, "hard"));
    await symlink("../../outside", join(source, "soft"));
    execFileSync("chown", ["12:34", join(source, "below/file")]);
    execFileSync("touch", ["-d", "2001-02-03T04:05:06Z", join(source, "below/file")]);
    execFileSync("mkfifo", [join(source, "fifo")]);
    execFileSync("truncate", ["-s", "3M", join(source, "large")]);
    await writeFile(join(source, `${"long".repeat(60)}`), "x");

    await writeFile(join(folder, "data.tar"), await download(id, "/data", "data"));
    execFileSync("tar", ["-xf", join(folder, "data.tar"), "-C", folder]);
    const out = join(folder, "data");
    const file = await lstat(join(out, "below/file"));
    expect({ uid: file.uid, gid: file.gid, mode: file.mode & 0o7777, links: file.nlink }).toEqual({
      uid: 12,
      gid: 34,
      mode: 0o751,
      links: 2,
    });
    expect(file.mtime.toISOString()).toBe("2001-02-03T04:05:06.000Z");
    expect(await readFile(join(out, "hard"), "utf8")).toBe("content");
    expect(await readlink(join(out, "soft"))).toBe("../../outside");
    expect((await lstat(join(out, "large"))).size).toBe(3 * 1024 * 1024);
    expect(await readFile(join(out, `${"long".repeat(60)}`), "utf8")).toBe("x");
    expect(existsSync(join(out, "fifo"))).toBe(false);
  });

  it("of a single file holds the file", async () => {
    const id = await stopped();
    const source = join(upperOf(id), "root");
    await mkdir(source, { recursive: true });
    await writeFile(join(source, "note"), "content", { mode: 0o640 });
    await writeFile(join(folder, "note.tar"), await download(id, "/root/note", "note"));
    expect(execFileSync("tar", ["-tf", join(folder, "note.tar")]).toString()).toBe("note\n");
    execFileSync("tar", ["-xf", join(folder, "note.tar"), "-C", folder]);
    expect(await readFile(join(folder, "note"), "utf8")).toBe("content");
    expect((await lstat(join(folder, "note"))).mode & 0o7777).toBe(0o640);
  });

  it("of the whole root leaves out the kernel's views and devices", async () => {
    const id = await startContainer(context);
    await writeFile(join(folder, "root.tar"), await download(id, "/etc", "etc"));
    expect(execFileSync("tar", ["-tf", join(folder, "root.tar")]).toString()).toContain("etc/hostname\n");
    await writeFile(join(folder, "proc.tar"), await download(id, "/proc", "proc"));
    expect(execFileSync("tar", ["-tf", join(folder, "proc.tar")]).toString()).toBe("proc/\n");
    await writeFile(join(folder, "dev.tar"), await download(id, "/dev", "dev"));
    expect(execFileSync("tar", ["-tf", join(folder, "dev.tar")]).toString()).not.toContain("dev/null");
  });

  it("stops when its reader leaves", async () => {
    const id = await stopped();
    await mkdir(join(upperOf(id), "data"));
    execFileSync("truncate", ["-s", "64M", join(upperOf(id), "data/large")]);
    await withRoot(context, id, "read", async (root) => {
      const top = await context.addon.openEntry(root, "/data", true);
      await using(top.fd, async () => {
        for await (const piece of packArchive(context.addon, top, "data")) {
          expect(piece.length).toBeGreaterThan(0);
          break;
        }
      });
    });
  });
});

describe.each([
  ["runs", () => startContainer(context)],
  ["does not run", stopped],
])("unpacking into a container that %s", (_, make) => {
  it("puts everything where GNU tar had it", async () => {
    const id = await make();
    const source = await mkdtemp(join(folder, "source-"));
    await mkdir(join(source, "a/b"), { recursive: true });
    await writeFile(join(source, "a/b/file"), "content", { mode: 0o640 });
    execFileSync("chown", ["5:6", join(source, "a/b/file")]);
    await link(join(source, "a/b/file"), join(source, "a/hard"));
    await symlink("b/file", join(source, "a/soft"));
    const archive = execFileSync("tar", ["-cf", "-", "-C", source, "."]);
    const result = await upload(id, "/root", archive);
    expect(result.bytes).toBe(7);
    const root = join(upperOf(id), "root");
    const file = await lstat(join(root, "a/b/file"));
    expect([file.uid, file.gid, file.mode & 0o7777, file.nlink]).toEqual([5, 6, 0o640, 2]);
    expect(await readlink(join(root, "a/soft"))).toBe("b/file");
    // Again: what is there is replaced.
    expect((await upload(id, "/root", archive)).entries).toBe(result.entries);
  });

  it("never leaves the container by a link", async () => {
    const id = await make();
    const outside = await mkdtemp(join(folder, "outside-"));
    const archive = await craft(
      { name: "link", type: "symlink", linkname: outside },
      { name: "link/planted", content: "x" },
      { name: "magic", type: "symlink", linkname: "/proc/self/root" },
      { name: "magic/tmp/planted", content: "x" },
    );
    await expect(upload(id, "/root", archive)).rejects.toBeInstanceOf(Error);
    expect(existsSync(join(outside, "planted"))).toBe(false);
    expect(existsSync("/tmp/planted")).toBe(false);
  });

  it.each([
    ["../out", {}],
    ["a/../../out", {}],
    ["hard", { type: "link", linkname: "../../etc/passwd" }],
    ["null", { type: "character-device", devmajor: 1, devminor: 3 }],
    ["pipe", { type: "fifo" }],
  ] as const)("refuses %s", async (name, header) => {
    const id = await make();
    await expect(upload(id, "/root", await craft({ name, ...header }))).rejects.toMatchObject(invalid);
  });
});

describe("what is no archive", () => {
  it.each([
    ["text", Buffer.from("this is not a tar archive, ".repeat(100))],
    ["half of one", null],
  ])("%s is refused and says so", async (_, given) => {
    const id = await stopped();
    const whole = await craft({ name: "x", content: "y".repeat(5000) });
    await expect(upload(id, "/root", given ?? whole.subarray(0, 2000))).rejects.toMatchObject(invalid);
  });

  it("a file as the target is refused", async () => {
    const id = await stopped();
    await expect(upload(id, "/etc/hostname", await craft({ name: "x" }))).rejects.toMatchObject({
      problem: { code: "file-type" },
    });
  });
});
