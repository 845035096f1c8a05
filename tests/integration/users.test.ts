import { randomUUID } from "node:crypto";
import { readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { findUser, type SystemUser } from "../../cli/supervisor/system-users.ts";
import { paths } from "../../lib/config.ts";
import { type Instance, startInstance } from "../support/instance.ts";
import { listProcesses, readStatus } from "../support/processes.ts";
import { runCommand } from "../support/run-command.ts";

let instance: Instance;
let web: SystemUser;
let database: SystemUser;

beforeAll(async () => {
  instance = await startInstance();
  web = user(instance.config.webUser);
  database = user(instance.config.dbUser);
});

afterAll(async () => {
  expect((await instance?.stop()) ?? []).toEqual([]);
});

function user(name: string): SystemUser {
  const found = findUser(name);
  if (!found) throw new Error(`there is no user ${name}`);
  return found;
}

/** Expects a process to be that user, with no capability in any set and no way to more. */
function expectUnprivileged(pid: number, { uid, gid }: SystemUser) {
  const none = "0000000000000000";
  const status = readStatus(pid);
  expect(status, `/proc/${pid}/status of ${status.Name}`).toMatchObject({
    Uid: [uid, uid, uid, uid].join("\t"),
    Gid: [gid, gid, gid, gid].join("\t"),
    CapInh: none,
    CapPrm: none,
    CapEff: none,
    CapBnd: none,
    CapAmb: none,
    NoNewPrivs: "1",
  });
  expect(status.Groups?.trim() ?? "").toBe("");
}

it("runs the web process as its own user, without capabilities or new privileges", async () => {
  const { pid = 0 } = (await instance.status()).parts.web.process ?? {};
  expectUnprivileged(pid, web);
  expect(web.uid).not.toBe(0);
  expect(web.uid).not.toBe(database.uid);
});

it("runs every PostgreSQL process as its own user, without capabilities or new privileges", async () => {
  const { pid = 0 } = (await instance.status()).parts.database.process ?? {};
  const all = listProcesses().filter(({ uid }) => uid === database.uid);
  expect(all.length).toBeGreaterThan(3);
  expect(all.map((entry) => entry.pid)).toContain(pid);
  for (const entry of all) expectUnprivileged(entry.pid, database);
});

it("lets nothing but the worker's socket be used by the web user, and no secret be read", async () => {
  const at = paths(instance.config);
  const asWeb = (...command: string[]) =>
    runCommand("setpriv", [`--reuid=${web.uid}`, `--regid=${web.gid}`, "--clear-groups", "--no-new-privs", ...command]);
  for (const path of [at.operatorToken, at.sessionSecret, join(instance.config.home, "links.json"), at.access]) {
    expect((await asWeb("cat", path)).stderr, path).toMatch(/Permission denied|No such file/);
  }
  for (const path of [instance.config.home, at.containers, at.outbox, at.postgres, at.images, at.runContainers]) {
    expect((await asWeb("ls", path)).stderr, path).toContain("Permission denied");
  }
  expect((await asWeb("curl", "-sS", "--unix-socket", at.workerSocket, "http://worker/health")).stdout).toContain(
    "kernel",
  );
  const link = ["-X", "POST", "-H", "content-type: application/json", "-d", '{"principal":"operator"}'];
  const made = await asWeb("curl", "-sS", "--unix-socket", at.workerSocket, ...link, "http://worker/links");
  expect(JSON.parse(made.stdout)).toMatchObject({ code: "forbidden", status: 403 });
});

it("lets the web user write nothing of the installation, and signal no process of it", async () => {
  const asWeb = (...command: string[]) =>
    runCommand("setpriv", [`--reuid=${web.uid}`, `--regid=${web.gid}`, "--clear-groups", "--no-new-privs", ...command]);
  const { worker, database: postgres, web: own } = (await instance.status()).parts;
  const release = readlinkSync(`/proc/${own.process?.pid}/cwd`);
  const writable = await asWeb(
    "find",
    release,
    instance.config.home,
    instance.config.run,
    "-writable",
    "!",
    "-type",
    "l",
  );
  const allowed = [paths(instance.config).workerSocket];
  const found = writable.stdout
    .split("\n")
    .filter((path) => path !== "" && !path.startsWith(`${instance.config.run}/postgres`));
  expect(found.filter((path) => !allowed.includes(path))).toEqual([]);
  await instance.client.call("createContainer", { body: { name: "signalled", command: ["/bin/sleep", "inf"] } });
  const { pid } = await instance.client.call("startContainer", { params: { name: "signalled" } });
  const shims = listProcesses().filter(
    ({ command }) => command.includes("minirun-shim") && command.includes(instance.name),
  );
  const others = [
    1,
    (await instance.status()).pid,
    worker.process?.pid,
    postgres.process?.pid,
    pid,
    ...shims.map((each) => each.pid),
  ];
  for (const each of others) {
    const { stderr } = await asWeb("/bin/kill", "-TERM", String(each));
    expect(stderr, `kill ${each}`).toMatch(/not permitted|No such process/);
  }
  await instance.client.call("deleteContainer", { params: { name: "signalled" }, query: { force: true } });
});

it("hears the web user in the names of known principals alone, and never in the worker's own", async () => {
  const at = paths(instance.config);
  const operation = {
    ...{ id: randomUUID(), containerId: randomUUID(), generation: null, requestedAt: new Date().toISOString() },
    ...{ verb: "start", arguments: {} },
  };
  for (const principal of ["restart-policy", "auto-remove", "nobody", `token:${randomUUID()}`]) {
    const body = JSON.stringify({ ...operation, id: randomUUID(), principal });
    const { stdout } = await runCommand("setpriv", [
      ...[
        `--reuid=${web.uid}`,
        `--regid=${web.gid}`,
        "--clear-groups",
        "curl",
        "-sS",
        "--unix-socket",
        at.workerSocket,
      ],
      ...["-H", "content-type: application/json", "-d", body, "http://worker/operations"],
    ]);
    expect(JSON.parse(stdout), principal).toMatchObject({ state: "failed", problem: { code: "forbidden" } });
  }
});

it("lets the web user read of the database what it shows, and change nothing", async () => {
  const { pid = 0 } = (await instance.status()).parts.web.process ?? {};
  const program = `
    import pg from "pg";
    const client = new pg.Client({ host: process.argv[1], user: "minirun_web", database: "minirun" });
    await client.connect();
    for (const sql of ["SELECT count(*) FROM operations", "SELECT * FROM tokens", "DELETE FROM operations",
      "UPDATE nodes SET hostname = 'x'", "SELECT graphile_worker.add_job('operation:test-node')"]) {
      console.log(await client.query(sql).then(() => "done", (error) => error.code));
    }
    await client.end();`;
  const { stdout, stderr } = await runCommand(
    "setpriv",
    [
      ...[`--reuid=${web.uid}`, `--regid=${web.gid}`, "--clear-groups", process.execPath, "--input-type=module"],
      ...["-e", program, paths(instance.config).postgresSocket],
    ],
    { cwd: readlinkSync(`/proc/${pid}/cwd`) },
  );
  expect(stdout.trim().split("\n"), stderr).toEqual(["done", "42501", "42501", "42501", "42501"]);
});

it("opens the worker's socket to root and the web user's group alone", () => {
  const { mode, uid, gid } = statSync(paths(instance.config).workerSocket);
  expect({ mode: (mode & 0o777).toString(8), uid, gid }).toEqual({ mode: "660", uid: 0, gid: web.gid });
});

it("refuses other users of this machine at the worker's socket", async () => {
  const call = ["curl", "-sS", "--unix-socket", paths(instance.config).workerSocket, "http://worker/health"];
  const answer = await runCommand("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", ...call]);
  expect(answer.code).not.toBe(0);
});

it("tells the web process neither the token nor where it came from", async () => {
  const { pid = 0 } = (await instance.status()).parts.web.process ?? {};
  const entry = listProcesses().find((each) => each.pid === pid);
  expect(entry?.environment).not.toContain(instance.token);
  expect(entry?.command).not.toContain(instance.token);
});
