import { execFile } from "node:child_process";
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { paths, readConfig } from "../../lib/config.ts";
import { type Problem, ProblemError } from "../../lib/contract/problem.ts";
import { createImages, type Images } from "./images.ts";

const run = promisify(execFile);

let folder: string;
let images: Images;
let configFile: string;
let rootfs: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "minirun-test-images-"));
  configFile = join(folder, "config.json");
  rootfs = join(folder, "srv/rootfs");
  await mkdir(join(rootfs, "etc"), { recursive: true });
  images = newImages();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** As a worker that has just been started. */
function newImages(): Images {
  const config = readConfig({ NODE_ENV: "test", MINIRUN_HOME: join(folder, "home"), MINIRUN_CONFIG: configFile });
  return createImages({ config, paths: paths(config), log: pino({ level: "silent" }) });
}

const allow = (...list: string[]) => writeFile(configFile, JSON.stringify({ images: list }), { mode: 0o644 });

async function problemOf(promise: Promise<unknown>): Promise<Problem> {
  const error = await promise.then(
    () => null,
    (error) => error,
  );
  if (!(error instanceof ProblemError)) throw new Error(`expected a problem, received ${error}`);
  expect(error.problem).toMatchObject({ status: 422, errors: [{ path: "image" }], remedy: expect.any(String) });
  return error.problem;
}

/** Runs a script in a root filesystem; the mount namespace of its own takes /proc away with it. */
async function runInside(root: string, script: string): Promise<string> {
  const namespaces = ["--mount", "--pid", "--fork", `--mount-proc=${root}/proc`];
  const environment = ["env", "-i", "LANG=C.UTF-8", "/bin/bash", "-ec", script];
  return (await run("unshare", [...namespaces, "chroot", root, ...environment])).stdout;
}

describe("the host image", () => {
  it("holds programs that run in it, root's alone, without set-user-ID bits", async () => {
    const [root, again] = await Promise.all([images.resolve("host"), images.resolve("host")]);
    expect(again).toBe(root);
    expect(root).toMatch(/\/home\/images\/host\/[0-9a-f]{64}$/);
    const script =
      "ps --version; ip -V; ls -d /bin; hostname >/dev/null; tput -T xterm-256color colors; locale charmap";
    expect(await runInside(root, script)).toMatch(/^ps from procps.*\nip utility.*\n\/bin\n256\nUTF-8\n$/);
    const prompt = await runInside(root, `cd /tmp; HOME=/root TERM=xterm bash -ic 'alias ls; echo "\${PS1@P}"'`);
    expect(prompt).toMatch(/^alias ls='ls --color=auto'\n.*root@.*\/tmp.*# /);
    const { stdout: odd } = await run("find", [root, "(", "-perm", "/6000", "-o", "!", "-uid", "0", ")"]);
    expect(odd).toBe("");
    const mode = async (path: string) => ((await stat(join(root, path))).mode & 0o7777).toString(8);
    expect(await Promise.all(["tmp", "root", "etc", "usr/bin"].map(mode))).toEqual(["1777", "700", "755", "755"]);
    const { stdout: size } = await run("du", ["-sm", root]);
    expect(Number.parseInt(size, 10)).toBeLessThan(100);
    expect(await readFile(join(root, "etc/os-release"), "utf8")).toContain('NAME="MiniRun host image"');
  });

  it("is made once, and anew when it is gone or half made", async () => {
    const root = await images.resolve("host");
    const made = (await stat(root)).ino;
    expect(await newImages().resolve("host")).toBe(root);
    expect((await stat(root)).ino).toBe(made);
    await rename(root, `${root}.tmp`);
    expect(await newImages().resolve("host", root)).toBe(root);
    expect(await readdir(join(root, ".."))).toHaveLength(1);
  });

  it("stays that of before for a container which has one", async () => {
    const before = join(folder, "home/images/host/earlier");
    await mkdir(before, { recursive: true });
    expect(await images.resolve("host", before)).toBe(before);
  });
});

describe("the allow list", () => {
  it("allows nothing when there is no configuration", async () => {
    const problem = await problemOf(images.resolve(rootfs));
    expect(problem.code).toBe("image-not-allowed");
    expect(problem.remedy).toContain(configFile);
  });

  it("allows the listed folders and what is below", async () => {
    await allow(join(folder, "nowhere"), join(folder, "srv"));
    expect(await images.resolve(rootfs)).toBe(rootfs);
    expect(await images.resolve(join(folder, "srv"))).toBe(join(folder, "srv"));
    await mkdir(join(folder, "srv-other"));
    expect((await problemOf(images.resolve(join(folder, "srv-other")))).code).toBe("image-not-allowed");
    expect((await problemOf(images.resolve(`${rootfs}/../../srv-other`))).code).toBe("image-not-allowed");
  });

  it("sees through links, in and out", async () => {
    await allow(join(folder, "srv"));
    await symlink("/etc", join(folder, "srv/escape"));
    const refused = await problemOf(images.resolve(join(folder, "srv/escape")));
    expect(refused.code).toBe("image-not-allowed");
    expect(refused.detail).not.toContain("/etc ");
    await symlink(rootfs, join(folder, "link"));
    expect(await images.resolve(join(folder, "link"))).toBe(rootfs);
  });

  it.each([
    ["others can write", () => chmod(configFile, 0o666)],
    ["a group can write", () => chmod(configFile, 0o664)],
    ["belongs to another user", () => chown(configFile, 65_534, 0)],
  ])("refuses a file that %s", async (_, spoil) => {
    await allow("/");
    await spoil();
    const problem = await problemOf(images.resolve(rootfs));
    expect(problem).toMatchObject({ code: "image-not-allowed", title: "The configuration can't be trusted" });
    expect(problem.remedy).toContain(`chown root:root ${configFile} && chmod 0644 ${configFile}`);
  });

  it.each(["{", '{"images": "/srv"}', '{"images": ["srv"]}'])("refuses the damaged file %s", async (text) => {
    await writeFile(configFile, text);
    expect((await problemOf(images.resolve(rootfs))).title).toBe("The configuration can't be read");
  });
});

describe("a folder", () => {
  it("that the container had before is kept, as long as it is there and allowed", async () => {
    await allow(join(folder, "srv"));
    const [first, second, current] = [join(folder, "srv/1"), join(folder, "srv/2"), join(folder, "srv/current")];
    await mkdir(first);
    await mkdir(second);
    await symlink(second, current);
    expect(await images.resolve(current, first)).toBe(first);
    await rm(first, { recursive: true });
    expect(await images.resolve(current, first)).toBe(second);
    await rm(configFile);
    expect((await problemOf(images.resolve(current, second))).code).toBe("image-not-allowed");
  });

  it.each(["a:b", "a,b", "a\\b"])("named %s can't be a layer", async (name) => {
    await allow(folder);
    await mkdir(join(folder, name));
    expect((await problemOf(images.resolve(join(folder, name)))).title).toBe("The image's path can't be mounted");
  });

  it("that is not there is not found, where there might be one", async () => {
    await allow(join(folder, "srv"));
    for (const name of ["debian", join(folder, "srv/nowhere"), join(folder, "srv/../srv/nowhere")]) {
      expect((await problemOf(images.resolve(name))).code).toBe("image-not-found");
    }
  });

  it("outside tells nobody whether it is there", async () => {
    await allow(join(folder, "srv"));
    const told = async (path: string) => JSON.stringify(await problemOf(images.resolve(path))).replaceAll(path, "PATH");
    const there = await told("/etc/shadow");
    expect(await told("/etc/shadow-that-is-not-there")).toBe(there);
    expect(await told(`${folder}/srv/../../etc/shadow`)).toContain("image-not-allowed");
  });
});

describe("an archive", () => {
  const layers = () => readdir(join(folder, "home/layers")).catch(() => []);
  const pack = async (name: string, ...args: string[]) => {
    const path = join(folder, name);
    await run("tar", ["-P", "--auto-compress", `-cf${path}`, ...args]);
    return path;
  };
  beforeEach(() => allow(folder));

  it.each(["a.tar", "a.tar.gz", "a.tgz", "a.tar.xz"])("%s is unpacked once, owners and modes kept", async (name) => {
    await writeFile(join(rootfs, 'etc/odd "name\n'), "content");
    await chown(join(rootfs, "etc"), 12_345, 54_321);
    await chmod(join(rootfs, "etc"), 0o2750);
    await symlink("/etc/passwd", join(rootfs, "link"));
    const path = await pack(name, "-C", rootfs, ".");
    const [layer, again] = await Promise.all([images.resolve(path), images.resolve(path)]);
    expect(again).toBe(layer);
    expect(layer).toMatch(/\/home\/layers\/[0-9a-f]{64}$/);
    expect(await readFile(join(layer, 'etc/odd "name\n'), "utf8")).toBe("content");
    const { uid, gid, mode } = await stat(join(layer, "etc"));
    expect([uid, gid, mode & 0o7777]).toEqual([12_345, 54_321, 0o2750]);
    expect((await stat(join(folder, "home/layers"))).mode & 0o777).toBe(0o700);
    await rm(path);
    expect(await images.resolve(path, layer)).toBe(layer);
  });

  it("with names that lead out of it is refused, and leaves nothing", async () => {
    await writeFile(join(folder, "victim"), "");
    for (const args of [
      ["-C", rootfs, "../../victim"],
      [join(folder, "victim")],
      ["-C", rootfs, "--transform=s,.*,a/../../b,", "etc"],
    ]) {
      const problem = await problemOf(images.resolve(await pack("bad.tar", ...args)));
      expect(problem).toMatchObject({ code: "image-not-allowed", title: "The archive holds what an image must not" });
      expect(await layers()).toEqual([]);
    }
  });

  it("with a device node is refused", async () => {
    await run("mknod", [join(rootfs, "null"), "c", "1", "3"]);
    const problem = await problemOf(images.resolve(await pack("device.tar", "-C", rootfs, ".")));
    expect(problem.detail).toContain("./null is a device node");
    expect(await layers()).toEqual([]);
  });

  it("that is damaged is refused with the words of tar", async () => {
    const path = join(folder, "damaged.tar.gz");
    await writeFile(path, "no archive");
    const problem = await problemOf(images.resolve(path));
    expect(problem.code).toBe("image-not-found");
    expect(problem.detail).toContain("tar says: ");
    expect(await layers()).toEqual([]);
  });

  it("is told by its name", async () => {
    const path = join(folder, "image.zip");
    await writeFile(path, "");
    expect((await problemOf(images.resolve(path))).code).toBe("image-not-found");
  });
});
