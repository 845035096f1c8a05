import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { churn } from "../support/churn.ts";
import {
  activations,
  changeServer,
  coldInstallSeconds,
  currentRelease,
  type Deployment,
  deploy,
  deployLog,
  killAll,
  makeDeployment,
  restoreServer,
} from "../support/deployment.ts";
import { freePort, type Instance, makeInstance, takeDown } from "../support/instance.ts";
import { runCommand } from "../support/run-command.ts";
import { startSshd } from "../support/sshd.ts";
import { SteadyTerminal } from "../support/steady-terminal.ts";
import { until } from "../support/until.ts";

/**
 * scripts/deploy.sh against a prefix of its own: the same deployment from its first release to its last, and a container
 * whose terminal a page holds all the while.
 */
let deployment: Deployment;
let instance: Instance;
let terminal: SteadyTerminal;
/** The host's pid of the container that counts. */
let counterPid: number | null;

beforeAll(async () => {
  deployment = await makeDeployment();
});

afterAll(async () => {
  await terminal?.close();
  const { name, folder, environment } = deployment;
  expect(await takeDown(name, folder, environment)).toEqual([]);
});

const counter = "i=0; while :; do echo $i; i=$((i+1)); sleep 0.02; done";

/** The container is the process that it was, and its terminal has had every byte, once and in order, and goes on. */
async function expectToGoOn(): Promise<void> {
  const { pid, state } = await instance.client.call("getContainer", { params: { name: "counter" } });
  expect({ pid, state }).toEqual({ pid: counterPid, state: "running" });
  const had = terminal.text.length;
  await until("its terminal goes on", () => terminal.text.length > had + 100);
  const { text } = terminal;
  let expected = "";
  for (let number = 0; expected.length < text.length; number += 1) expected += `${number}\r\n`;
  expect(text === expected.slice(0, text.length), `the terminal's output ends with ${text.slice(-200)}`).toBe(true);
}

/** /health says ok, and the process that answers was started from `release`. */
async function expectToServe(release: string | null): Promise<void> {
  const answer = await fetch(`${instance.url}/api/v1/health`);
  expect(await answer.json()).toMatchObject({ status: "ok" });
  expect(currentRelease(deployment)).toBe(release);
  const { release: running } = JSON.parse((await instance.cli(["status", "--json"])).stdout);
  expect(running).toBe(release?.split("-").pop());
}

/** When the activation has come to this step and not to the next. */
const isAt = (step: string) => deployLog(deployment).split("\n").at(-1)?.startsWith(step) ?? false;

describe("scripts/deploy.sh", () => {
  it("deploys to an empty prefix, and prints the time of each step", async () => {
    const { code, output, seconds } = await deploy(deployment);
    expect(output).toMatch(/^Packing the release … +\d+\.\d s$/m);
    expect(output).toMatch(/^Probing \/health of \S+ … +\d+\.\d s$/m);
    expect({ code, output }).toMatchObject({ code: 0 });
    const start = Number(/from stop to answer +([\d.]+) s/.exec(output)?.[1]);
    const cold = coldInstallSeconds();
    console.log(
      cold === null
        ? `deployed in ${seconds.toFixed(1)} s; the launcher has not built here from nothing, so there is no cold install to compare with`
        : `deployed in ${seconds.toFixed(1)} s; by hand on a machine that has nothing: ${(cold + start).toFixed(1)} s (npm ci, build, first start); ratio ${(seconds / (cold + start)).toFixed(2)}`,
    );
    instance = await makeInstance(deployment.name, deployment.folder, deployment.environment);
    await expectToServe(currentRelease(deployment));
    const command = await runCommand(join(deployment.prefix, "bin/minirun"), ["status", "--json"]);
    expect(JSON.parse(command.stdout)).toMatchObject({ running: true });

    const body = { name: "counter", command: ["sh", "-c", counter], tty: true };
    await instance.client.call("createContainer", { body });
    await instance.client.call("startContainer", { params: { name: "counter" } });
    counterPid = (await instance.client.call("getContainer", { params: { name: "counter" } })).pid;
    terminal = new SteadyTerminal(instance, "counter");
    await expectToGoOn();
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
    await until("what it has begun is gone", () => activations(deployment).length === 0);
  });

  it("comes to its end all the same when it is killed while the old one stops", async () => {
    changeServer(deployment, "// its script gets killed");
    const { code } = await deploy(deployment, [], "Stopping ");
    expect(code).toBeNull();
    await until("the activation ends", () => activations(deployment).length === 0, { timeoutMs: 90_000 });
    expect(deployLog(deployment)).toMatch(/serves; from stop to answer/);
    await expectToServe(currentRelease(deployment));
    await expectToGoOn();
  });

  it("goes back when the activation itself is killed between the two releases", async () => {
    const before = currentRelease(deployment);
    changeServer(deployment, "// its activation gets killed");
    const done = deploy(deployment);
    await until("it probes the new one", () => isAt("Probing"), { timeoutMs: 60_000, everyMs: 10 });
    killAll(activations(deployment).filter(({ command }) => command.includes("--activate")));
    const { code, output } = await done;
    expect({ code, output }).toMatchObject({ code: 1 });
    expect(output).toContain(`going back to ${before}`);
    await expectToServe(before);
    await expectToGoOn();
  });

  it("upgrades under load after crashes before and after the switch: nothing lost, old releases gone", async () => {
    const before = currentRelease(deployment);
    let over = false;
    const load = churn(instance, "load", () => over);
    load.catch(() => {});
    // The link is switched by one rename: before it and after it.
    for (const step of ["Stopping", "Starting"]) {
      changeServer(deployment, `// everything of it gets killed while ${step}`);
      const done = deploy(deployment);
      await until(`it is ${step}`, () => isAt(step), { timeoutMs: 90_000, everyMs: 5 });
      killAll(activations(deployment));
      await done;
      expect(existsSync(join(deployment.prefix, "activating"))).toBe(true);
    }
    changeServer(deployment, "// the last build");
    const { code, output } = await deploy(deployment);
    expect(output).toMatch(/did not come to its end; going back to/);
    expect({ code, output }).toMatchObject({ code: 0 });
    over = true;
    const { kept, deleted, repeated } = await load;
    console.log(`under load: ${kept.length} kept, ${deleted.length} deleted, ${repeated} calls repeated`);
    expect(repeated).toBeGreaterThan(0);
    expect(deleted.length).toBeGreaterThan(3);
    const { items } = await instance.client.call("listContainers", { query: { limit: 1000 } });
    const there = items.filter(({ name }) => name.startsWith("load-"));
    expect(there.map(({ name }) => name).sort()).toEqual([...kept].sort());
    expect(there.filter(({ state }) => state !== "running")).toEqual([]);
    await expectToServe(currentRelease(deployment));
    await expectToGoOn();
    expect(terminal.streams).toBeGreaterThan(3);
    const releases = readdirSync(join(deployment.prefix, "releases"));
    // The last three, which two never served of, and the one that served before.
    expect(releases).toHaveLength(4);
    expect(releases).toEqual(expect.arrayContaining([before, currentRelease(deployment)]));
    expect(existsSync(join(deployment.prefix, "activating"))).toBe(false);
  }, 240_000);

  it("deploys to another machine by ssh", async () => {
    const sshd = await startSshd(join(deployment.folder, "sshd"), await freePort());
    try {
      const before = currentRelease(deployment);
      changeServer(deployment, "// shipped");
      const options = ["--host", "root@127.0.0.1", "--ssh-config", sshd.clientConfig];
      const { code, output } = await deploy(deployment, options);
      expect({ code, output }).toMatchObject({ code: 0, output: expect.stringMatching(/^Deployed to root@127/m) });
      expect(currentRelease(deployment)).not.toBe(before);
      await expectToServe(currentRelease(deployment));
      await expectToGoOn();
      expect(readdirSync(join(deployment.prefix, "releases")).filter((name) => name.startsWith("."))).toEqual([]);
    } finally {
      await sshd.stop();
    }
    const gone = ["--host", "root@127.0.0.1", "--ssh-config", sshd.clientConfig];
    expect(await deploy(deployment, gone)).toMatchObject({
      code: 1,
      output: expect.stringMatching(/Reaching .*failed/),
    });
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
