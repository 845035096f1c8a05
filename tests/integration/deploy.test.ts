import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  changeServer,
  currentRelease,
  type Deployment,
  deploy,
  makeDeployment,
  restoreServer,
} from "../support/deployment.ts";
import { type Instance, makeInstance, takeDown } from "../support/instance.ts";
import { listProcesses } from "../support/processes.ts";
import { runCommand } from "../support/run-command.ts";
import { until } from "../support/until.ts";

/** scripts/deploy.sh against a prefix of its own: the same deployment from its first release to its last. */
let deployment: Deployment;
let instance: Instance;
/** The host's pid of the container that counts through all of it. */
let counterPid: number | null;

beforeAll(async () => {
  deployment = await makeDeployment();
});

afterAll(async () => {
  const { name, folder, environment } = deployment;
  expect(await takeDown(name, folder, environment)).toEqual([]);
});

const counter = "i=0; while :; do echo $i; i=$((i+1)); sleep 0.02; done";

async function readCounts(): Promise<number[]> {
  const { stdout } = await instance.cli(["logs", "counter"]);
  return stdout.trim().split("\n").map(Number);
}

/** The container is the same process as ever, and every number that it wrote is in its log, once and in order. */
async function expectToGoOn(): Promise<void> {
  const { pid, state } = await instance.client.call("getContainer", { params: { name: "counter" } });
  expect({ pid, state }).toEqual({ pid: counterPid, state: "running" });
  const counts = await readCounts();
  expect(counts.length).toBeGreaterThan(10);
  expect(counts).toEqual(counts.map((_, at) => at));
  const last = counts.length;
  await until("it counts on", async () => (await readCounts()).length > last);
}

/** /health says ok, and the process that answers was started from `release`. */
async function expectToServe(release: string | null): Promise<void> {
  const answer = await fetch(`${instance.url}/api/v1/health`);
  expect(await answer.json()).toMatchObject({ status: "ok" });
  expect(currentRelease(deployment)).toBe(release);
  const { release: running } = JSON.parse((await instance.cli(["status", "--json"])).stdout);
  expect(running).toBe(release?.split("-").pop());
}

/** What deploy.sh has started of itself, subshells among them. */
const activations = () => listProcesses().filter(({ command }) => command.includes(`--prefix ${deployment.prefix}`));

function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // A subshell that has just ended.
  }
}

describe("scripts/deploy.sh", () => {
  it("deploys to an empty prefix, and prints the time of each step", async () => {
    const { code, output } = await deploy(deployment);
    expect(output).toMatch(/^Packing the release … +\d+\.\d s$/m);
    expect(output).toMatch(/^Probing \/health of \S+ … +\d+\.\d s$/m);
    expect({ code, output }).toMatchObject({ code: 0 });
    instance = await makeInstance(deployment.name, deployment.folder, deployment.environment);
    await expectToServe(currentRelease(deployment));
    const body = { name: "counter", command: ["sh", "-c", counter], tty: false };
    await instance.client.call("createContainer", { body });
    await instance.client.call("startContainer", { params: { name: "counter" } });
    counterPid = (await instance.client.call("getContainer", { params: { name: "counter" } })).pid;
    await until("it counts", async () => (await readCounts()).length > 10);
  });

  it("goes back by itself from a build that does not serve", async () => {
    const before = currentRelease(deployment);
    changeServer(deployment, 'throw new Error("broken on purpose");');
    const { code, output } = await deploy(deployment, ["--probe-seconds", "30"]);
    restoreServer(deployment);
    expect({ code, output }).toMatchObject({ code: 1 });
    expect(output).toMatch(/does not serve; going back to/);
    await expectToServe(before);
    await expectToGoOn();
  });

  it("refuses a build whose programs cannot be read, and touches nothing", async () => {
    const before = await instance.status();
    changeServer(deployment, "this is no JavaScript {");
    const { code, output } = await deploy(deployment);
    restoreServer(deployment);
    expect({ code, output }).toMatchObject({ code: 1 });
    expect(output).toContain("nothing was changed");
    expect(await instance.status()).toEqual(before);
  });

  it.each(["Packing", "Checking"])("leaves the old release serving when it is killed while %s", async (step) => {
    const before = currentRelease(deployment);
    const { pid } = await instance.status();
    const { code } = await deploy(deployment, [], `${step} `);
    expect(code).toBeNull();
    await expectToServe(before);
    expect((await instance.status()).pid).toBe(pid);
  });

  it.each(["Stopping", "Starting"])("comes to its end all the same when it is killed while %s", async (step) => {
    changeServer(deployment, `// killed while ${step}`);
    await until("the killed one's helpers are gone", () => activations().length === 0, { everyMs: 500 });
    const { code } = await deploy(deployment, [], `${step} `);
    expect(code).toBeNull();
    await until("the activation ends", () => activations().length === 0, { timeoutMs: 90_000, everyMs: 500 });
    expect(readFileSync(join(deployment.prefix, "deploy.log"), "utf8")).toMatch(/serves; from stop to answer/);
    await expectToServe(currentRelease(deployment));
    await expectToGoOn();
  });

  it("goes back when the activation itself is killed between the two releases", async () => {
    const before = currentRelease(deployment);
    changeServer(deployment, "// its activation gets killed");
    const done = deploy(deployment);
    const activating = await until("it is between the two", () =>
      /^Starting /m.test(readFileSync(join(deployment.prefix, "deploy.log"), "utf8")) &&
      existsSync(join(deployment.prefix, "activating"))
        ? activations().filter(({ command }) => command.includes("--activate"))
        : null,
    );
    for (const { pid } of activating) killIfThere(pid);
    const { code, output } = await done;
    expect({ code, output }).toMatchObject({ code: 1 });
    expect(output).toContain(`going back to ${before}`);
    await expectToServe(before);
    await expectToGoOn();
  });

  it("upgrades under a running container, and keeps three releases and no journal", async () => {
    const before = currentRelease(deployment);
    changeServer(deployment, "// the last build");
    const { code, output } = await deploy(deployment);
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(currentRelease(deployment)).not.toBe(before);
    await expectToServe(currentRelease(deployment));
    await expectToGoOn();
    const releases = readdirSync(join(deployment.prefix, "releases"));
    expect(releases).toHaveLength(3);
    expect(releases).toEqual(expect.arrayContaining([before, currentRelease(deployment)]));
    expect(existsSync(join(deployment.prefix, "activating"))).toBe(false);
  });

  it("refuses while another deployment to the prefix runs", async () => {
    const lock = join(deployment.prefix, "deploy.lock");
    const holder = spawn("flock", [lock, "cat"], { stdio: ["pipe", "ignore", "ignore"] });
    try {
      await until("the lock is held", async () => (await runCommand("flock", ["-n", lock, "true"])).code !== 0);
      const { code, output } = await deploy(deployment);
      expect({ code, output }).toMatchObject({ code: 1, output: expect.stringContaining("another deployment") });
    } finally {
      holder.stdin.end();
    }
  });
});
