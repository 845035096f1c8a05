import { randomUUID } from "node:crypto";
import { chmod, lstat, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ContainerSpec } from "../../lib/contract/container.ts";
import type { Context } from "../context.ts";
import { makeTestWorker, operation, type TestWorker, untilState } from "../testing/test-worker.ts";
import { execute } from "./execute.ts";

let worker: TestWorker;
let context: Context;
let folder: string;
beforeAll(async () => {
  worker = await makeTestWorker();
  folder = await mkdtemp(join(tmpdir(), "minirun-test-create-"));
}, 60_000);
beforeEach(async () => {
  const restarted = await worker.restart();
  context = { ...restarted, config: { ...restarted.config, configFile: join(folder, "config.json") } };
});
afterEach(() => worker.clear());
afterAll(async () => {
  await worker?.remove();
  await rm(folder, { recursive: true });
});

function creation(settings: object, filesFrom?: string) {
  const id = randomUUID();
  const spec = ContainerSpec.parse({ name: `c-${id.slice(0, 8)}`, tty: false, command: ["/bin/true"], ...settings });
  return operation("create", id, { ...spec, ...(filesFrom && { filesFrom }) });
}

async function create(settings: object, filesFrom?: string): Promise<string> {
  const made = await execute(context, creation(settings, filesFrom));
  expect(made.problem).toBeNull();
  return made.containerId;
}

async function refusal(settings: object, filesFrom?: string) {
  const { problem } = await execute(context, creation(settings, filesFrom));
  return { code: problem?.code, path: problem?.errors?.[0]?.path, text: JSON.stringify(problem) };
}

/** Runs a script in a container like that and answers how it ends: a failing line ends it with its own number. */
async function run(script: string, settings: object = {}, filesFrom?: string) {
  const lines = script.trim().split("\n");
  const text = lines.map((line, index) => `{ ${line.trim()}; } || exit ${index + 1}`).join("\n");
  const id = await create({ ...settings, command: ["/bin/sh", "-c", text] }, filesFrom);
  const started = await execute(context, operation("start", id, {}));
  expect(started.problem).toBeNull();
  await untilState(context, id, "exited");
  const exitCode = context.records.get(id)?.status.exitCode ?? 0;
  expect(exitCode === 0 ? "" : lines[exitCode - 1]).toBe("");
  return id;
}

describe("a container's process", () => {
  it("has the environment, directory and user that were asked for", async () => {
    await run(
      `[ "$COLOUR" = "dark blue" ]
       [ "$(pwd)" = /srv/work ]
       [ "$(id -u):$(id -g)" = 1234:99 ]
       [ "$HOME" = / ]
       grep -q '^CapEff:.0000000000000000$' /proc/self/status
       echo x > /dev/stdout
       ! touch /file 2> /dev/null`,
      { env: { COLOUR: "dark blue" }, workingDir: "/srv/work", user: "1234:99" },
    );
  });

  it("is a user of its own image, with the groups that this has", async () => {
    const id = await run(`echo 'web:x:77:78::/srv/www:/bin/sh' >> /etc/passwd; echo 'media:x:79:web' >> /etc/group`);
    await run(
      `[ "$(id -u):$(id -G)" = "77:78 79" ]
       [ "$HOME" = /srv/www ]`,
      { user: "web" },
      id,
    );
    expect(await refusal({ user: "web" })).toMatchObject({ code: "user-not-found", path: "user" });
    const hostile = await run(`rm /etc/passwd; ln -s /proc/1/environ /etc/passwd`);
    expect(await refusal({ user: "web" }, hostile)).toMatchObject({
      code: expect.stringMatching(/user-not-found|file-type/),
    });
  });

  it("can't write to a read-only root, and can to /dev/shm", async () => {
    await run(
      `[ "$(pwd)" = /made/here ]
       ! touch /file 2> /dev/null
       ! touch /etc/hostname 2> /dev/null
       echo x > /dev/shm/file`,
      { readOnly: true, workingDir: "/made/here" },
    );
  });
});

describe("binds", () => {
  const settings = (value: object) => writeFile(join(folder, "config.json"), JSON.stringify(value), { mode: 0o644 });
  const data = () => join(folder, "data");
  beforeEach(async () => {
    await mkdir(join(data(), "below"), { recursive: true });
    await writeFile(join(data(), "file"), "from the host\n");
  });
  afterEach(() => rm(data(), { recursive: true }));

  it("show the host's directories and files, writable only where both sides say so", async () => {
    await settings({ binds: [{ path: data(), readOnly: false }] });
    await run(
      `grep -q 'from the host' /in/file
       ! touch /in/new 2> /dev/null
       echo 'from inside' > /out/new
       [ "$(cat /etc/one)" = 'from the host' ]
       ! echo x 2> /dev/null > /etc/one`,
      {
        readOnly: true,
        binds: [
          { source: data(), target: "/in" },
          { source: join(data(), "below"), target: "/out", readOnly: false },
          { source: join(data(), "file"), target: "/etc/one" },
        ],
      },
    );
    expect(await readFile(join(data(), "below/new"), "utf8")).toBe("from inside\n");
  });

  it("are refused alike whether a path is there or not, unless root allows them", async () => {
    await settings({ binds: [data()] });
    const ask = (source: string, readOnly = true) => refusal({ binds: [{ source, target: "/in", readOnly }] });
    expect(await ask(data(), false)).toMatchObject({ code: "bind-not-allowed", path: "binds.0.source" });
    expect(await ask(join(data(), "nowhere"))).toMatchObject({ code: "bind-not-found" });
    const [there, nowhere] = ["/etc/shadow", "/etc/shadow-of-nobody"];
    const answer = await ask(there);
    expect(answer.code).toBe("bind-not-allowed");
    expect((await ask(nowhere)).text.replaceAll(nowhere, "X")).toBe(answer.text.replaceAll(there, "X"));
    await symlink("/etc", join(data(), "link"));
    expect(await ask(join(data(), "link"))).toMatchObject({ code: "bind-not-allowed" });
    expect(await ask(join(data(), "link/shadow"))).toMatchObject({ code: "bind-not-allowed" });
    await chmod(join(folder, "config.json"), 0o666);
    expect(await ask(data())).toMatchObject({ code: "bind-not-allowed" });
    await chmod(join(folder, "config.json"), 0o644);
  });

  it.each(["/", "/proc", "/proc/sys", "/sys/fs", "/dev/null", "/in/../proc"])("can't be put on %s", async (target) => {
    await settings({ binds: [data()] });
    const asked = { binds: [{ source: data(), target }] };
    expect(await refusal(asked)).toMatchObject({ code: "validation-failed", path: "binds.0.target" });
  });
});

describe("a clone", () => {
  it("has the other's files, owners and deletions, and its own name", async () => {
    const id = await run(`mkdir -p /srv; echo mine > /srv/file; chown 12:34 /srv/file; ln /srv/file /srv/second
      mkdir /srv/dir; chmod 1750 /srv/dir; rm -r /etc/hosts /media; ln -s /srv/file /srv/link`);
    await run(
      `[ "$(cat /srv/file)" = mine ]
       [ "$(stat -c %u:%g:%h /srv/file)" = 12:34:2 ]
       [ "$(stat -c %a /srv/dir)" = 1750 ]
       [ ! -e /media ]
       [ "$(readlink /srv/link)" = /srv/file ]
       [ "$(cat /etc/hostname)" = clone-1 ]`,
      { name: "clone-1" },
      id,
    );
  });

  it("never writes through the links that the other has made", async () => {
    const victim = join(folder, "victim");
    await writeFile(victim, "untouched");
    const id = await run(`rm -f /etc/hosts /etc/hostname; ln -s ${victim} /etc/hostname; mkdir -p ${folder}
      ln -s ${victim} /etc/hosts`);
    const clone = await create({}, id);
    expect(await readFile(victim, "utf8")).toBe("untouched");
    expect((await lstat(join(context.records.folder(clone), "upper/etc/hostname"))).isFile()).toBe(true);
    await run(`rm -rf /etc && ln -s ${folder} /etc`).then((linked) => create({}, linked));
    expect(await readFile(victim, "utf8")).toBe("untouched");
  });

  it("is made while the other stands still, from the same image", async () => {
    const id = await create({ command: ["/bin/sh", "-c", "while :; do sleep 0.01; done"] });
    await execute(context, operation("start", id, {}));
    expect(await refusal({}, id)).toMatchObject({ code: "container-running" });
    await execute(context, operation("pause", id, {}));
    await create({}, id);
    await writeFile(join(folder, "config.json"), JSON.stringify({ images: [folder] }), { mode: 0o644 });
    expect(await refusal({ image: folder }, id)).toMatchObject({ code: "validation-failed", path: "filesFrom" });
    expect(await refusal({}, randomUUID())).toMatchObject({ code: "container-not-found" });
    const own = creation({});
    const self = await execute(context, {
      ...own,
      arguments: { ...own.arguments, filesFrom: own.containerId },
    } as typeof own);
    expect(self.problem?.code).toBe("validation-failed");
  });
});

it("shows a container whose record can't be read as lost, with the reason, and deletes it by force", async () => {
  const id = await create({ name: "half-read" });
  const path = join(context.records.folder(id), "record.json");
  const record = JSON.parse(await readFile(path, "utf8"));
  await writeFile(path, JSON.stringify({ ...record, status: { state: "strange" } }));
  const next = await worker.restart();
  const found = next.records.find("half-read");
  expect(found?.status).toMatchObject({ state: "lost", problem: { code: "record-damaged" } });
  expect(found?.status.problem?.detail).toContain("status");
  expect((await execute(next, operation("start", id, {}))).problem?.code).toBe("record-damaged");
  expect((await execute(next, operation("delete", id, { force: false }))).problem?.code).toBe("record-damaged");
  const again = await worker.restart();
  expect(again.records.find("half-read")?.status.state).toBe("lost");
  // As a worker leaves it that dies between the two.
  await rename(path, `${path}.damaged`);
  const last = await worker.restart();
  expect(last.records.find("half-read")?.status).toMatchObject({ state: "lost", problem: { code: "record-damaged" } });
  expect((await execute(last, operation("delete", id, { force: true }))).problem).toBeNull();
});
