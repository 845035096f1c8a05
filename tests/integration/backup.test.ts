import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withSuperuser } from "../../cli/supervisor/postgres-cluster.ts";
import { type Config, readConfig } from "../../lib/config.ts";
import { freePort, type Instance, projectRoot, startInstance } from "../support/instance.ts";
import { type CommandResult, runCommand } from "../support/run-command.ts";
import { until } from "../support/until.ts";

let instance: Instance;
let file: string;
/** A second installation on this machine: state and sockets of its own, the users and the cgroup of the first. */
let other: { environment: NodeJS.ProcessEnv; config: Config };

beforeAll(async () => {
  instance = await startInstance();
  file = join(instance.folder, "minirun.backup");
  const environment = {
    ...instance.environment,
    MINIRUN_HOME: join(instance.folder, "other-home"),
    MINIRUN_RUN: join(instance.folder, "other-run"),
    MINIRUN_PORT: String(await freePort()),
    MINIRUN_TLS_PORT: String(await freePort()),
  };
  other = { environment, config: readConfig(environment) };
});

afterAll(async () => {
  if (other && existsSync(other.config.run)) await cli(other.environment, "down", "--all", "--time", "0");
  expect((await instance?.stop()) ?? []).toEqual([]);
});

const program = join(projectRoot, "dist/cli.js");
const cli = (env: NodeJS.ProcessEnv, ...args: string[]): Promise<CommandResult> =>
  runCommand(process.execPath, [program, ...args], { env, timeoutMs: 150_000 });

/** Rows of the tables that tell of containers, without what the worker's next start may change. */
const rows = (config: Config) =>
  withSuperuser(config, "minirun", async (client) => {
    const read = async (sql: string) => (await client.query(sql)).rows;
    return {
      events: await read("select sequence, id, container_id, action, at, container from events order by sequence"),
      operations: await read(
        "select id, verb, principal, state, arguments, requested_at, finished_at, problem from operations order by id",
      ),
      containers: await read("select id, name, spec, state, revision, exit_code from containers order by id"),
      statistics: (await read("select count(*)::int as count from statistics"))[0].count,
    };
  });

const idOf = async (name: string) => (await instance.client.call("getContainer", { params: { name } })).id;

describe("backup and restore", () => {
  let before: Awaited<ReturnType<typeof rows>>;
  let stoppedId: string;

  it("writes a running MiniRun into one file that root alone can read", async () => {
    const { client } = instance;
    const script =
      "echo kept > /root/file; mkdir /root/made; ln -s /etc/passwd /root/link; rm -rf /etc/shells; chown 7:8 /root/file; echo said";
    await client.call("createContainer", { body: { name: "stopped", command: ["sh", "-c", script], tty: false } });
    await client.call("startContainer", { params: { name: "stopped" } });
    await client.call("waitContainer", { params: { name: "stopped" } });
    await client.call("createContainer", {
      body: { name: "running", command: ["sh", "-c", "date > /root/began; sleep 600"] },
    });
    await client.call("startContainer", { params: { name: "running" } });
    await client.call("createContainer", { body: { name: "gone", command: ["true"] } });
    await client.call("deleteContainer", { params: { name: "gone" } });
    stoppedId = await idOf("stopped");
    await until("all of it is in the database", async () => {
      const { events } = await rows(instance.config);
      return events.at(-1)?.action === "deleted";
    });
    before = await rows(instance.config);
    // What a create that was cut off leaves is no container.
    mkdirSync(join(instance.config.home, "containers", randomUUID()));
    const { code, stdout, stderr } = await cli(instance.environment, "backup", file);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/holds 2 containers, /);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    // It was frozen while its files were read, and goes on.
    const running = await client.call("getContainer", { params: { name: "running" } });
    expect(running.state).toBe("running");
  });

  it.each([
    ["skip", "running runs: its files are not in the backup"],
    ["copy", "running ran while its files were read"],
  ])("does with what runs as it is told, and says so: %s", async (how, said) => {
    const path = join(instance.folder, `${how}.backup`);
    const { code, stdout, stderr } = await cli(
      instance.environment,
      ...["backup", "--running", how, "--without-images", path],
    );
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining(said) });
    expect(stdout).toMatch(/holds 2 containers, /);
    const files = readFileSync(path, "latin1");
    expect(files.includes("upper/root/began")).toBe(how === "copy");
    expect(files.includes("upper/root/made")).toBe(true);
    rmSync(path);
  });

  it("refuses a file that is there, and leaves nothing when it is interrupted", async () => {
    expect(await cli(instance.environment, "backup", file)).toMatchObject({ code: 1, stderr: /is there already/ });
    const path = join(instance.folder, "interrupted.backup");
    const child = spawn(process.execPath, [program, "backup", path], { env: instance.environment, stdio: "ignore" });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    await until("it has begun", () => left().length > 0, { everyMs: 5 });
    child.kill("SIGTERM");
    expect(await ended).toBe(143);
    expect(left()).toEqual([]);
    // What it held goes on.
    expect(await cli(instance.environment, "stop", "--time", "0", "running")).toMatchObject({ code: 0 });
    expect(await cli(instance.environment, "start", "running")).toMatchObject({ code: 0 });
  });

  const left = () => readdirSync(instance.folder).filter((name) => name.startsWith("interrupted"));

  it("restores nothing over a MiniRun that runs, or that has run", async () => {
    const answer = await cli(instance.environment, "restore", file);
    expect(answer).toMatchObject({ code: 1, stderr: expect.stringContaining("has not stopped") });
    mkdirSync(join(other.config.home, "postgres"), { recursive: true });
    const filled = await cli(other.environment, "restore", file);
    expect(filled).toMatchObject({ code: 1, stderr: expect.stringContaining("is not empty") });
  });

  it("restores nothing of what is damaged, newer, or another node's", async () => {
    const damaged = join(instance.folder, "damaged.backup");
    const bytes = readFileSync(file);
    const place = bytes.indexOf('"verb"');
    bytes.write("V", place + 1);
    writeFileSync(damaged, bytes);
    const answer = await cli(other.environment, "restore", "--force", damaged);
    expect(answer).toMatchObject({ code: 1, stderr: expect.stringContaining("digest") });
    const elsewhere = await cli({ ...other.environment, MINIRUN_NODE: "else" }, "restore", "--force", file);
    expect(elsewhere).toMatchObject({ code: 1, stderr: expect.stringContaining("MINIRUN_NODE=test-node") });
    expect(readdirSync(other.config.home)).toEqual(["postgres"]);
  });

  it("brings another installation to the same containers, events and files, and starts one of them", async () => {
    const restored = await cli(other.environment, "restore", "--force", file);
    expect(restored).toMatchObject({ code: 0, stderr: "", stdout: expect.stringContaining("2 containers are as on ") });
    expect(existsSync(join(other.config.home, ".restore"))).toBe(false);
    const upper = (config: Config) => join(config.home, "containers", stoppedId, "upper");
    for (const path of ["root/file", "root/link", "root/made", "etc/shells"]) {
      const [one, two] = [instance.config, other.config].map((config) => lstatSync(join(upper(config), path)));
      const about = (stats = one) => stats && [stats.mode, stats.uid, stats.gid, stats.size, stats.rdev, stats.mtimeMs];
      expect(about(two), path).toEqual(about(one));
    }
    expect(readFileSync(join(upper(other.config), "root/file"), "utf8")).toBe("kept\n");

    // Both have the same ids and the same cgroup: one at a time.
    expect(await cli(instance.environment, "down", "--all", "--time", "0")).toMatchObject({ code: 0 });
    expect(await cli(other.environment, "up", "--detach")).toMatchObject({ code: 0 });
    const after = await until("the database knows them", async () => {
      const found = await rows(other.config);
      return found.containers.some(({ state }) => state === "lost") && found;
    });
    expect(after.events.slice(0, before.events.length)).toEqual(before.events);
    expect(after.operations).toEqual(before.operations);
    const settled = (list: typeof before.containers) => list.filter(({ name }) => name !== "running");
    expect(settled(after.containers)).toEqual(settled(before.containers));
    expect(after.statistics).toBeGreaterThanOrEqual(before.statistics);
    // The same token as before, and a container that goes on with what it had written.
    expect((await cli(other.environment, "token")).stdout.trim()).toBe(instance.token);
    expect((await cli(other.environment, "logs", "stopped")).stdout).toContain("said");
    expect((await cli(other.environment, "files", "cat", "running", "/root/began")).stdout).toMatch(/\d{4}/);
    expect(await cli(other.environment, "start", "running")).toMatchObject({ code: 0 });
    expect((await cli(other.environment, "exec", "running", "cat", "/root/began")).stdout).toMatch(/\d{4}/);
    expect(await cli(other.environment, "run", "--rm", "host", "true")).toMatchObject({ code: 0 });
    expect(await cli(other.environment, "down", "--all", "--time", "0")).toMatchObject({ code: 0 });
  });

  it("writes one that has stopped as well, and puts it in place of another", async () => {
    const second = join(instance.folder, "second.backup");
    expect(await cli(other.environment, "backup", second)).toMatchObject({ code: 0 });
    const marker = join(instance.config.home, "containers", "marker");
    mkdirSync(marker);
    const forced = { ...instance.environment };
    expect(await cli(forced, "restore", second)).toMatchObject({ code: 1 });
    expect(await cli(forced, "restore", "--force", second)).toMatchObject({ code: 0 });
    expect(existsSync(marker)).toBe(false);
    await instance.up();
    expect((await instance.client.call("getContainer", { params: { name: "stopped" } })).id).toBe(stoppedId);
  });
});
