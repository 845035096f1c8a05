import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { workerCapabilities } from "../../cli/supervisor/privileges.ts";
import { findUser } from "../../cli/supervisor/system-users.ts";
import { type Instance, makeInstance, makeInstanceFolder, projectRoot, takeDown } from "../support/instance.ts";
import { readStatus } from "../support/processes.ts";
import { SteadyTerminal } from "../support/steady-terminal.ts";
import { boundingSet, environmentOf, readUnit, setpriv } from "../support/units.ts";
import { until } from "../support/until.ts";

/**
 * The commands of systemd's units, with their users and capabilities by setpriv(1): systemd itself is not what runs
 * tests. A unit's restart is another start of its command when it has ended.
 */
const units = { supervisor: readUnit("minirun.service"), web: readUnit("minirun-web.service") };

let made: Awaited<ReturnType<typeof makeInstanceFolder>>;
let instance: Instance;
let supervisor: ChildProcess;
let web: ChildProcess | null = null;
let over = false;

const node = [process.execPath, "--enable-source-maps"];

function startSupervisor(): ChildProcess {
  const [command = "", ...args] = [...setpriv(units.supervisor, null), ...node, join(projectRoot, "dist/cli.js")];
  const env = { ...made.environment, ...environmentOf(units.supervisor) };
  return spawn(command, [...args, "supervise"], { env, cwd: "/", stdio: "ignore" });
}

/** As `Restart=always` does, until the end. */
async function keepWebRunning(): Promise<void> {
  const user = `${made.name}-web`;
  // The supervisor makes it.
  await until("there is the web's user", () => findUser(user), { timeoutMs: 60_000 });
  while (!over) {
    const [command = "", ...args] = [...setpriv(units.web, user), ...node, "dist/server.js"];
    const env = { ...made.environment, ...environmentOf(units.web) };
    const child = spawn(command, args, { env, cwd: join(made.folder, "home/release/current"), stdio: "ignore" });
    web = child;
    const ended = new Promise((resolve) => child.once("exit", resolve).once("error", resolve));
    await ended;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const untilWell = () =>
  until(
    "MiniRun is well",
    async () => {
      const health = await (await fetch(`http://127.0.0.1:${made.environment.MINIRUN_PORT}/health`)).json();
      return health.status === "ok";
    },
    { timeoutMs: 90_000 },
  );

beforeAll(async () => {
  made = await makeInstanceFolder();
  supervisor = startSupervisor();
  void keepWebRunning();
  await untilWell();
  instance = await makeInstance(made.name, made.folder, made.environment);
});

afterAll(async () => {
  over = true;
  expect(await takeDown(made.name, made.folder, made.environment)).toEqual([]);
});

it("gives the web process no capability, and the worker those of the unit alone", async () => {
  const { parts } = await instance.status();
  const status = readStatus(parts.web.process?.pid ?? 0);
  const none = "0000000000000000";
  expect(status).toMatchObject({ CapPrm: none, CapEff: none, CapBnd: none, CapAmb: none, NoNewPrivs: "1" });
  expect(status.Uid).not.toMatch(/\b0\b/);
  expect(boundingSet(units.supervisor)).toEqual([...workerCapabilities].sort());
  const { CapBnd: worker } = readStatus(parts.worker.process?.pid ?? 0);
  expect(worker).toBe(readStatus(supervisor.pid ?? 0).CapBnd);
  expect(worker).not.toBe(readStatus(process.pid).CapBnd);
});

it("ends the web process with the supervisor and starts both again: containers and terminals go on", async () => {
  const command = ["sh", "-c", "i=0; while :; do echo $i; i=$((i+1)); sleep 0.02; done"];
  await instance.client.call("createContainer", { body: { name: "counter", command, tty: true } });
  const { pid } = await instance.client.call("startContainer", { params: { name: "counter" } });
  const terminal = new SteadyTerminal(instance, "counter");
  await until("it counts", () => terminal.text.includes("20\r\n"));

  web?.kill("SIGKILL");
  await until("the unit is started again", async () => (await instance.status()).parts.web.state === "waiting");
  await untilWell();

  const ended = new Promise((resolve) => supervisor.once("exit", resolve));
  // KillMode=process: this one process.
  supervisor.kill("SIGTERM");
  await ended;
  supervisor = startSupervisor();
  await untilWell();
  const after = await instance.client.call("getContainer", { params: { name: "counter" } });
  expect(after).toMatchObject({ pid, state: "running" });
  const had = terminal.text.length;
  await until("its terminal goes on", () => terminal.text.length > had + 100);
  await terminal.close();
  const numbers = terminal.text.split("\r\n").slice(0, -1);
  expect(numbers).toEqual(numbers.map((_, index) => String(index)));
});
