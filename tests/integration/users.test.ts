import { statSync } from "node:fs";
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
  for (const path of [at.operatorToken, at.sessionSecret, join(instance.config.home, "links.json")]) {
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
