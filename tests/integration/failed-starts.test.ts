import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CreateContainerInput } from "../../lib/contract/container.ts";
import type { ProblemCode } from "../../lib/contract/problem.ts";
import { type Instance, startInstance } from "../support/instance.ts";
import { until } from "../support/until.ts";
import { makeRootfs } from "./runtime/support/rootfs.ts";

/**
 * Each reason for which a start fails, brought about for real, and found where people look: in the API's problem, on the
 * container's page as the server sends it, and in what the command line writes.
 */
let instance: Instance;
let image: string;
let cookie: string;

beforeAll(async () => {
  instance = await startInstance({ ownMounts: true });
  image = join(instance.folder, "images/broken");
  mkdirSync(image, { recursive: true });
  makeRootfs(image);
  breakPrograms(image);
  writeFileSync(
    instance.config.configFile,
    JSON.stringify({ images: [join(instance.folder, "images")], binds: [instance.folder] }),
    { mode: 0o600 },
  );
  cookie = await signIn();
});

afterAll(async () => {
  expect((await instance?.stop()) ?? []).toEqual([]);
});

const loader = "/lib64/ld-linux-x86-64.so.2";
const noLoader = "/lib64/ld-nowhere-64.so.2\0\0";

/** Programs of this machine, each with one thing wrong. */
function breakPrograms(root: string): void {
  const put = (name: string, content: string | Buffer, mode = 0o755) => {
    writeFileSync(join(root, "usr/bin", name), content);
    chmodSync(join(root, "usr/bin", name), mode);
  };
  const program = readFileSync(join(root, "usr/bin/true"));
  put("bad-script", "#!/usr/bin/ruby -w\nputs 1\n");
  put("windows-script", "#!/bin/sh\r\necho 1\r\n");
  put("data", "just text\n", 0o644);
  put("noise", "just text\n");
  put("private", program, 0o700);
  put("no-loader", patch(program, loader, noLoader));
  put("no-library", patch(program, "libc.so.6\0", "libq.so.6\0"));
  const foreign = Buffer.from(program);
  foreign.writeUInt16LE(foreign.readUInt16LE(18) === 183 ? 62 : 183, 18);
  put("foreign", foreign);
  mkdirSync(join(root, "closed"), { mode: 0o700 });
  cpSync(join(root, "usr/bin/true"), join(root, "closed/program"));
  // A library of its own folder that needs one which is nowhere.
  mkdirSync(join(root, "opt/own"), { recursive: true });
  writeFileSync(join(root, "opt/own/libc.so.6"), patch(program, "libc.so.6\0", "libz.so.9\0"));
}

function patch(file: Buffer, from: string, to: string): Buffer {
  const at = file.indexOf(from, 0, "latin1");
  expect(at, `${JSON.stringify(from)} in a program`).toBeGreaterThan(0);
  const patched = Buffer.from(file);
  patched.write(to, at, "latin1");
  return patched;
}

async function signIn(): Promise<string> {
  const answer = await fetch(`${instance.url}/api/v1/sign-in`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: instance.url },
    body: JSON.stringify({ token: instance.token }),
  });
  expect(answer.status).toBe(204);
  return answer.headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");
}

async function readPage(name: string): Promise<string> {
  const answer = await fetch(`${instance.url}/containers/${name}`, { headers: { accept: "text/html", cookie } });
  expect(answer.status).toBe(200);
  const html = await answer.text();
  // The words between the tags, without what React keeps for itself.
  const seen = html.replaceAll(/<script[\s\S]*?<\/script>/g, "").replaceAll(/<!--.*?-->|<[^>]+>/g, "");
  return seen.replaceAll("&#x27;", "'").replaceAll("&quot;", '"').replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

interface Expected {
  code: ProblemCode;
  /** The step that failed; left out where every step succeeded, or the kernel decides in which one it fails. */
  step?: string;
  /** What the cause names, and what the remedy does. */
  says: string[];
  remedy: string;
}

/** Makes a container and starts it by the API, and by the command line, and looks at its page. */
async function expectFailure(name: string, body: CreateContainerInput, expected: Expected): Promise<void> {
  await instance.client.call("createContainer", { body: { tty: false, image, ...body, name } });
  const answer = await instance.request(`/containers/${name}/start`, { method: "POST" });
  const problem = (await answer.json()) as { code: string; detail: string; remedy: string; cause: object };
  expect(problem, JSON.stringify(problem)).toMatchObject({ code: expected.code, status: answer.status });
  if (expected.step) expect(problem.cause).toMatchObject({ step: expected.step });
  for (const words of expected.says) expect(problem.detail).toContain(words);
  expect(problem.remedy).toContain(expected.remedy);
  const { steps } = await instance.client.call("getTrace", { params: { name } });
  const failed = steps.filter(({ errno }) => errno !== 0).map((step) => step.name);
  if (expected.step && failed.length > 0) expect(failed).toContain(expected.step);
  await expectTold(name, expected);
}

/** Expects cause and remedy on the container's page and in what the command line says of one more start. */
async function expectTold(name: string, { says, remedy }: Expected): Promise<void> {
  const page = await readPage(name);
  const { stderr } = await instance.cli(["start", "--attach", name]);
  const told = stderr.replaceAll(/\n +/g, " ");
  for (const words of [...says, remedy]) {
    expect(page, "the page").toContain(words);
    expect(told, "the command line").toContain(words);
  }
}

const asUser = { user: "1000" };
const failures: [string, CreateContainerInput, Expected][] = [
  [
    "command-not-found",
    { command: ["nope"] },
    { code: "command-not-found", step: "find program", says: ["no directory of PATH has a file nope"], remedy: "PATH" },
  ],
  [
    "script-interpreter",
    { command: ["bad-script"] },
    {
      code: "interpreter-not-found",
      step: "exec",
      says: ["/usr/bin/bad-script is there, but its interpreter /usr/bin/ruby is not"],
      remedy: "put /usr/bin/ruby into the image",
    },
  ],
  [
    "windows-script",
    { command: ["windows-script"] },
    { code: "interpreter-not-found", step: "exec", says: ["Windows' ends of lines"], remedy: "/bin/sh\\r" },
  ],
  [
    "not-executable",
    { command: ["/usr/bin/data"] },
    { code: "command-not-executable", step: "find program", says: ["not marked executable"], remedy: "make the file" },
  ],
  [
    "no-program",
    { command: ["noise"] },
    { code: "command-not-executable", step: "exec", says: ["neither a program for this processor"], remedy: "another" },
  ],
  [
    "other-processor",
    { command: ["foreign"] },
    { code: "wrong-architecture", step: "exec", says: ["is a program for"], remedy: "this machine's processor" },
  ],
  [
    "missing-loader",
    { command: ["no-loader"] },
    { code: "loader-not-found", step: "exec", says: ["/lib64/ld-nowhere-64.so.2"], remedy: "C library" },
  ],
  [
    "not-permitted",
    { command: ["/usr/bin/private"], ...asUser },
    { code: "permission-denied", step: "find program", says: ["may not execute", "0700"], remedy: "chmod o+x" },
  ],
  [
    "closed-folder",
    { command: ["/closed/program"], ...asUser },
    { code: "permission-denied", step: "find program", says: ["may not go through /closed"], remedy: "chmod o+x" },
  ],
  [
    "closed-directory",
    { command: ["true"], workingDir: "/closed", ...asUser },
    { code: "permission-denied", step: "enter directory", says: ["/closed"], remedy: "another working directory" },
  ],
  [
    "tiny-limit",
    { command: ["true"], limits: { memoryBytes: 64 * 1024 } },
    { code: "limit-too-small", says: ["64 KiB"], remedy: "raise the limit" },
  ],
];

describe("a start that fails", () => {
  it.each(failures.filter(([name]) => name !== "missing-loader" || process.arch === "x64"))(
    "because of %s",
    expectFailure,
  );

  it("because a mount is refused", async () => {
    mkdirSync(join(instance.folder, "shared"));
    const binds = [{ source: join(instance.folder, "shared"), target: "/etc/passwd" }];
    await expectFailure(
      "refused-mount",
      { command: ["true"], binds },
      { code: "mount-refused", step: "mount /etc/passwd", says: ["/etc/passwd"], remedy: "a directory on a directory" },
    );
  });
});

it("keeps the trace of every attempt", async () => {
  const list = async () => (await instance.cli(["trace", "--list", "command-not-found"])).stdout;
  const lines = await until("both attempts are listed", async () => {
    const found = (await list()).split("\n").filter((line) => line.includes("find program"));
    return found.length === 2 && found;
  });
  const [newer = "", older = ""] = lines.map((line) => line.split(/\s+/)[0]);
  const { stdout } = await instance.cli(["trace", "--operation", older, "command-not-found"]);
  expect(stdout).toMatch(/find program.*faccessat2 = ENOENT/);
  const compared = await instance.cli(["trace", "--compare", older, "command-not-found"]);
  expect(compared.stdout).toMatch(/µs before, .* µs now/);
  const missing = await instance.request(`/operations/${newer.replace(/^.{8}/, "00000000")}/trace`);
  expect(missing.status).toBe(404);
});

describe("a program that is executed and ends at once", () => {
  /** Starts it, and waits until its end is explained. */
  async function expectEnd(name: string, body: CreateContainerInput, expected: Expected): Promise<void> {
    await instance.client.call("createContainer", { body: { tty: false, image, ...body, name } });
    await instance.client.call("startContainer", { params: { name } });
    const container = await until("it has ended", async () => {
      const now = await instance.client.call("getContainer", { params: { name } });
      return now.state === "exited" && now;
    });
    expect(container.problem).toMatchObject({ code: expected.code });
    for (const words of expected.says) expect(container.problem?.detail).toContain(words);
    await expectTold(name, expected);
  }

  it("because it needs a library that is not there", () =>
    expectEnd(
      "missing-library",
      { command: ["no-library"] },
      {
        code: "library-not-found",
        step: "exec",
        says: ["/usr/bin/no-library needs the shared library libq.so.6"],
        remedy: "Put libq.so.6 into the image",
      },
    ));

  it("because a library of it needs one that is not there", () =>
    expectEnd(
      "library-of-library",
      { command: ["true"], env: { LD_LIBRARY_PATH: "/opt/own" } },
      {
        code: "library-not-found",
        step: "exec",
        says: ["for its library /opt/own/libc.so.6", "libz.so.9"],
        remedy: "Put libz.so.9 into the image",
      },
    ));

  it("because it wants more memory than it may have", () =>
    expectEnd(
      "greedy",
      { command: ["sh", "-c", "head -c 128m /dev/zero | tail"], limits: { memoryBytes: 32 * 1024 * 1024 } },
      { code: "out-of-memory", says: ["it wanted more than its limit of 32 MiB"], remedy: "Raise its memory limit" },
    ));

  it("but not because its program says 127 itself", async () => {
    await instance.client.call("createContainer", {
      body: { name: "says-127", image, tty: false, command: ["sh", "-c", "exit 127"] },
    });
    await instance.client.call("startContainer", { params: { name: "says-127" } });
    const container = await until("it has ended", async () => {
      const now = await instance.client.call("getContainer", { params: { name: "says-127" } });
      return now.state === "exited" && now;
    });
    expect(container).toMatchObject({ exitCode: 127, problem: null });
  });
});

describe("the doctor says beforehand what a start would fail for", () => {
  const cases: [string, string, string][] = [
    ["command-not-found", "command", "no folder of PATH has a file nope"],
    ["script-interpreter", "command", 'its interpreter "/usr/bin/ruby" is not there'],
    ["windows-script", "command", "Windows' ends of lines"],
    ["not-executable", "command", "/usr/bin/data is not marked executable"],
    ["no-program", "command", "neither a 64-bit program nor a script"],
    ["not-permitted", "command", "its user may not execute /usr/bin/private (mode 0700)"],
    ["closed-folder", "command", "its user may not go through /closed (mode 0700)"],
    ["other-processor", "command", "is for another processor"],
    ["missing-loader", "command", "its dynamic loader /lib64/ld-nowhere-64.so.2 is not"],
    ["missing-library", "libraries", "needs the shared library libq.so.6"],
    ["library-of-library", "libraries", "for its library /opt/own/libc.so.6"],
  ];
  it.each(cases.filter(([name]) => name !== "missing-loader" || process.arch === "x64"))(
    "%s",
    async (name, id, says) => {
      const { findings } = await instance.client.call("checkContainer", { params: { name } });
      const missing = findings.filter(({ there }) => !there);
      expect(missing).toEqual([expect.objectContaining({ id, needed: true, found: expect.stringContaining(says) })]);
      const { code, stdout } = await instance.cli(["doctor", name]);
      expect({ code, stdout }).toMatchObject({ code: 1, stdout: expect.stringContaining(says) });
      expect(stdout).toContain(`${name} can't start: 1 of what it needs is missing.`);
    },
  );

  it("nothing of one that can, whether it runs or not", async () => {
    for (const start of [false, true]) {
      const name = start ? "well-running" : "well";
      await instance.client.call("createContainer", { body: { name, image, tty: false, command: ["sleep", "60"] } });
      if (start) await instance.client.call("startContainer", { params: { name } });
      const { code, stdout } = await instance.cli(["doctor", "--all", name]);
      expect({ code, stdout }).toMatchObject({
        code: 0,
        stdout: expect.stringContaining(`Nothing stands against ${name}`),
      });
      expect(stdout).toMatch(/Controller memory, for its limit of \d+ bytes/);
      expect(stdout).toContain("/usr/bin/sleep");
    }
    const json = JSON.parse((await instance.cli(["doctor", "--json", "well"])).stdout);
    expect(json.findings.every(({ there }: { there: boolean }) => there)).toBe(true);
    // The last test takes away the way in which a running one could still be removed.
    await instance.client.call("deleteContainer", { params: { name: "well-running" }, query: { force: true } });
  });

  it("a bind whose source is gone", async () => {
    const source = join(instance.folder, "gone");
    mkdirSync(source);
    const binds = [{ source, target: "/mnt" }];
    const body = { name: "bind-gone", image, tty: false, command: ["true"], binds };
    await instance.client.call("createContainer", { body });
    rmdirSync(source);
    const { code, stdout } = await instance.cli(["doctor", "bind-gone"]);
    expect({ code, stdout }).toMatchObject({ code: 1, stdout: expect.stringContaining(`There is no ${source}`) });
  });
});

// Last, for it takes a controller from the instance, which no container can start without any more.
it("fails to start because a controller is not there", async () => {
  const { pid } = await instance.status();
  const tree = hideController(pid ?? 0);
  await expectFailure(
    "no-controller",
    { command: ["true"] },
    {
      code: "limit-not-enforceable",
      step: "pids limit",
      says: ["can't enforce the pids limit"],
      remedy: "leave the limit out",
    },
  );
  const { code, stdout } = await instance.cli(["doctor", "no-controller"]);
  expect({ code, stdout }).toMatchObject({
    code: 1,
    stdout: expect.stringContaining("Controller pids, for its limit"),
  });
  // The instance does not see any more that its group is left there.
  if (tree) rmdirSync(join(tree, instance.name));
});

/**
 * Takes the controller pids away in the instance's mount namespace alone: v1's tree, whose path it returns, or v2's word
 * that it is there.
 */
function hideController(pid: number): string | null {
  const inside = ["--mount", "--target", String(pid)];
  const tree = readFileSync(`/proc/${pid}/mountinfo`, "utf8")
    .split("\n")
    .map((line) => line.split(" "))
    .find((fields) => fields.at(-3) === "cgroup" && fields.at(-1)?.split(",").includes("pids"))?.[4];
  if (tree) {
    execFileSync("nsenter", [...inside, "umount", "--lazy", tree]);
    return tree;
  }
  const file = join(instance.folder, "controllers");
  writeFileSync(file, "cpuset cpu io memory\n");
  execFileSync("nsenter", [...inside, "mount", "--bind", file, "/sys/fs/cgroup/cgroup.controllers"]);
  return null;
}
