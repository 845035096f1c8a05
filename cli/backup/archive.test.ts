import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openArchive } from "./archive-reader.ts";
import { createArchive } from "./archive-writer.ts";
import { backupFormat, type Manifest } from "./manifest.ts";
import { isNewer } from "./restore-backup.ts";
import { checkTree, packTree, reasonToRefuse } from "./trees.ts";

const { signal } = new AbortController();
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "minirun-test-archive-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function* pieces(...texts: string[]) {
  for (const text of texts) yield Buffer.from(text);
}

/** Writes an archive of two members; `change` is done to its manifest. */
async function write(name: string, change: (manifest: Manifest) => object = (manifest) => manifest): Promise<string> {
  const path = join(folder, name);
  const archive = await createArchive(path, signal);
  await archive.add("database/nodes.jsonl", pieces('{"id":', '"a"}\n'));
  await archive.add("state.tar", pieces("x".repeat(1000)));
  const manifest: Manifest = {
    ...{ format: backupFormat, version: "0.1.0", createdAt: new Date().toISOString(), node: "n", home: "/h" },
    ...{ migrations: [], containers: [], members: archive.members() },
  };
  await archive.finish("manifest.json", JSON.stringify(change(manifest)));
  await archive.discard();
  return path;
}

async function textOf(content: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of content) parts.push(part);
  return Buffer.concat(parts).toString();
}

describe("an archive", () => {
  it("is root's alone, is there whole or not at all, and tells what was put in", async () => {
    const path = await write("whole");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const archive = await openArchive(path);
    expect(await textOf(archive.read("database/nodes.jsonl"))).toBe('{"id":"a"}\n');
    expect(await textOf(archive.read("state.tar"))).toHaveLength(1000);
    await archive.close();
    expect(execFileSync("tar", ["-tf", path], { encoding: "utf8" })).toBe(
      "database/nodes.jsonl\nstate.tar\nmanifest.json\n",
    );
    await expect(createArchive(path, signal)).rejects.toThrow("is there already");
  });

  it("that is given up leaves nothing, and one whose writer was killed goes with the next", async () => {
    const path = join(folder, "given-up");
    const archive = await createArchive(path, signal);
    await archive.add("state.tar", pieces("x"));
    await archive.discard();
    writeFileSync(`${path}.4194303-1.partial`, "left");
    await (await createArchive(path, signal)).discard();
    expect(readdirSync(folder).filter((name) => name.startsWith("given-up"))).toEqual([]);
  });

  it("with another byte in it is refused by its digest", async () => {
    const path = await write("changed");
    const bytes = readFileSync(path);
    bytes.write("b", bytes.indexOf('"a"') + 1);
    writeFileSync(path, bytes);
    const archive = await openArchive(path);
    await expect(textOf(archive.read("database/nodes.jsonl"))).rejects.toThrow("the digest of database/nodes.jsonl");
    await archive.close();
  });

  it.each([
    ["cut off", (path: string) => truncateSync(path, 1500), /ends too early|cut off/],
    ["no archive", (path: string) => writeFileSync(path, "x".repeat(2048)), /checksum/],
    ["empty", (path: string) => writeFileSync(path, ""), /ends too early/],
    ["never finished", (path: string) => writeFileSync(path, Buffer.alloc(1024)), /never finished/],
  ])("that is %s is refused", async (name, spoil, reason) => {
    const path = await write(name.replace(" ", "-"));
    spoil(path);
    await expect(openArchive(path)).rejects.toThrow(reason);
  });

  it("of a form to come is refused", async () => {
    const path = await write("form", (manifest) => ({ ...manifest, format: backupFormat + 1, members: "otherwise" }));
    await expect(openArchive(path)).rejects.toThrow(`has form ${backupFormat + 1}`);
  });

  it("whose manifest names more, or less, than it holds is refused", async () => {
    const more = await write("more", (manifest) => ({
      ...manifest,
      members: [...manifest.members, { name: `layers/${"a".repeat(64)}.tar`, size: 0, sha256: "0".repeat(64) }],
    }));
    await expect(openArchive(more)).rejects.toThrow("names what it does not hold");
    const less = await write("less", (manifest) => ({ ...manifest, members: manifest.members.slice(1) }));
    await expect(openArchive(less)).rejects.toThrow("database/nodes.jsonl is not as its manifest has it");
  });

  it.each(["../state.tar", "/etc/passwd", "containers/../../x.tar", "database/a/b.jsonl"])(
    "with a member called %s is refused",
    async (name) => {
      const path = join(folder, `name-${name.replaceAll("/", "_")}`);
      const archive = await createArchive(path, signal);
      await archive.add(name, pieces("x"));
      await archive.finish("manifest.json", "{}");
      await expect(openArchive(path)).rejects.toThrow("it holds");
    },
  );

  it("that tar made with a link in it is refused", async () => {
    const path = join(folder, "link");
    symlinkSync("/etc", join(folder, "state.tar"));
    execFileSync("tar", ["-cf", path, "-C", folder, "state.tar"]);
    await expect(openArchive(path)).rejects.toThrow("no regular file");
  });
});

describe("a tree", () => {
  it("of a container may hold links, pipes and whiteouts; one of the state may not", async () => {
    const from = join(folder, "tree");
    mkdirSync(join(from, "upper"), { recursive: true });
    symlinkSync("/etc/passwd", join(from, "upper/absolute"));
    execFileSync("mkfifo", [join(from, "upper/pipe")]);
    execFileSync("mknod", [join(from, "upper/whiteout"), "c", "0", "0"]);
    writeFileSync(join(from, 'upper/odd "name" -> here\nnext'), "");
    const pack = () => packTree(from, ["upper"], { signal });
    await checkTree("it", pack(), "container", signal);
    await expect(checkTree("it", pack(), "plain", signal)).rejects.toThrow(/is (a symbolic link|a pipe|a device node)/);
    execFileSync("mknod", [join(from, "upper/null"), "c", "1", "3"]);
    await expect(checkTree("it", pack(), "container", signal)).rejects.toThrow(
      '"./upper/null\\" is a device node'.replace("\\", ""),
    );
  });

  it("that names what lies outside is refused", async () => {
    const pack = async function* (...options: string[]) {
      yield execFileSync("tar", ["-c", "-P", "-C", folder, ...options], { stdio: ["ignore", "pipe", "ignore"] });
    };
    await expect(checkTree("it", pack("../../etc/hostname"), "container", signal)).rejects.toThrow("leads out");
    await expect(checkTree("it", pack("/etc/hostname"), "container", signal)).rejects.toThrow("is absolute");
    const gzip = async function* () {
      yield execFileSync("gzip", ["-c"], { input: "no archive" });
    };
    await expect(checkTree("it", gzip(), "container", signal)).rejects.toThrow("can't read it");
  });

  it("is refused where its listing can't be understood", () => {
    expect(reasonToRefuse("?", "container")).toContain("can't be understood");
    expect(reasonToRefuse('hrw-r--r-- 0/0  0 2026-11-29 08:30 "./h" link to "../a"', "container")).toContain(
      "leads out",
    );
    expect(reasonToRefuse('brw-r--r-- 0/0  8,0 2026-11-29 08:30 "./b"', "container")).toContain("a device node");
    expect(reasonToRefuse('-rw-r--r-- 0/0  3 2026-11-29 08:30 "./a"', "plain")).toBeNull();
  });
});

it("knows which of two versions is newer", () => {
  expect([isNewer("0.10.0", "0.9.9"), isNewer("0.1.0", "0.1.0"), isNewer("0.1.0", "1.0.0")]).toEqual([
    true,
    false,
    false,
  ]);
});
