import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { paths } from "../../lib/config.ts";
import type { Container } from "../../lib/contract/container.ts";
import { type Instance, type InstanceStatus, startInstance } from "../support/instance.ts";
import { listProcesses } from "../support/processes.ts";
import { until } from "../support/until.ts";

/** Ten containers count while the processes around them are killed; five are told to exit with their own number. */
const names = Array.from({ length: 10 }, (_, number) => `count-${number}`);
const counting = (number: number) =>
  `trap 'exit ${number}' TERM; i=0; while :; do i=$((i+1)); echo $i; sleep 0.02; done`;

let instance: Instance;

beforeAll(async () => {
  instance = await startInstance();
  for (const [number, name] of names.entries()) {
    await instance.client.call("createContainer", {
      body: { name, command: ["bash", "-c", counting(number)], tty: false, limits: { memoryBytes: 32 * 1024 * 1024 } },
    });
    await instance.client.call("startContainer", { params: { name } });
  }
});

afterAll(async () => {
  expect((await instance?.stop()) ?? []).toEqual([]);
});

const inspect = (name: string) => instance.client.call("getContainer", { params: { name } });
const log = async (name: string) => (await instance.request(`/containers/${name}/logs`)).text();
const lineCount = async (name: string) => (await log(name)).split("\n").length - 1;

/** Expects 1, 2, 3, … without a gap, and says how far it got. */
async function expectContiguous(name: string): Promise<number> {
  const lines = (await log(name)).trimEnd().split("\n");
  const wrong = lines.findIndex((line, index) => line !== String(index + 1));
  expect(
    wrong === -1 ? null : lines.slice(Math.max(0, wrong - 2), wrong + 3),
    `${name}: lines around the gap`,
  ).toBeNull();
  return lines.length;
}

async function pidOf(part: keyof InstanceStatus["parts"]): Promise<number> {
  const { pid } = (await instance.status()).parts[part].process ?? {};
  if (!pid) throw new Error(`${part} has no process`);
  return pid;
}

/** Waits until another process than `pid` is that part and everything says that it is well. */
async function untilBack(part: keyof InstanceStatus["parts"], pid: number): Promise<void> {
  await until(
    `${part} is back`,
    async () => {
      const { parts } = await instance.status();
      const health = await instance.client.call("health");
      return parts[part].process?.pid !== pid && parts[part].state === "running" && health.status === "ok";
    },
    { timeoutMs: 60_000, everyMs: 250 },
  );
}

/** The same containers run as before, and they count on. */
async function expectCountingOn(before: Container[]): Promise<void> {
  for (const { name, pid, startedAt } of before) {
    expect(await inspect(name), name).toMatchObject({ state: "running", pid, startedAt });
    const count = await lineCount(name);
    await until(`${name} counts on`, async () => (await lineCount(name)) > count);
  }
}

const runningNow = () => Promise.all(names.map(inspect));

it.each(["worker", "web", "database"] as const)("brings %s back when it is killed, and loses nothing", async (part) => {
  const before = await runningNow();
  const pid = await pidOf(part);
  process.kill(pid, "SIGKILL");
  await untilBack(part, pid);
  await expectCountingOn(before);
});

it("goes on where it was when the supervisor is killed and started again", async () => {
  const before = await runningNow();
  const { pid } = await instance.status();
  process.kill(pid ?? 0, "SIGKILL");
  await until("the supervisor is gone", async () => !(await instance.status()).running);
  await instance.up();
  expect((await instance.client.call("health")).status).toBe("ok");
  await expectCountingOn(before);
});

/** Asks again and again, with the same key, as a client does whose connection broke, until there is an answer below 500. */
async function insist(path: string, key: string, body: unknown = undefined): Promise<Response> {
  return until(
    `POST ${path} is answered`,
    async () => {
      const response = await instance.request(path, {
        method: "POST",
        headers: { "idempotency-key": key, ...(body !== undefined && { "content-type": "application/json" }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return response.status < 500 && response.status !== 202 && response;
    },
    { timeoutMs: 60_000, everyMs: 200 },
  );
}

it.each(["worker", "database", "web"] as const)(
  "carries out what is asked for while %s is being killed",
  async (part) => {
    const pid = await pidOf(part);
    const asked = ["a", "b", "c", "d", "e", "f"].map(async (letter) => {
      const name = `${part}-${letter}`;
      const created = await insist("/containers", `${name} create`, {
        name,
        command: "sleep 600",
        limits: { memoryBytes: 2 ** 25 },
      });
      if (letter === "c") process.kill(pid, "SIGKILL");
      const started = await insist(`/containers/${name}/start`, `${name} start`);
      return [created.status, started.ok ? started.status : await started.json()];
    });
    expect(await Promise.all(asked)).toEqual(Array(6).fill([201, 200]));
    await untilBack(part, pid);
    for (const letter of "abcdef") {
      const name = `${part}-${letter}`;
      expect(await inspect(name)).toMatchObject({ name, state: "running" });
      expect((await instance.request(`/containers/${name}?force=true`, { method: "DELETE" })).status).toBe(204);
    }
  },
);

it("carries out what was accepted before the worker was killed", async () => {
  const pid = await pidOf("worker");
  const accepted = await instance.request("/containers", {
    method: "POST",
    headers: { "content-type": "application/json", prefer: "respond-async" },
    body: JSON.stringify({ name: "accepted" }),
  });
  process.kill(pid, "SIGKILL");
  expect(accepted.status).toBe(202);
  const { id } = await accepted.json();
  await untilBack("worker", pid);
  const ask = async () => (await instance.client.call("getOperation", { params: { id } })).state;
  await expect.poll(ask, { timeout: 60_000, interval: 200 }).toBe("succeeded");
  expect(await inspect("accepted")).toMatchObject({ state: "created" });
});

it("kills a container whose shim was killed, and records that it is lost", async () => {
  const { id, pid } = await inspect("count-9");
  const { shimPid } = JSON.parse(readFileSync(join(paths(instance.config).runContainers, id, "pid.json"), "utf8"));
  process.kill(shimPid, "SIGKILL");
  const lost = await until("it is recorded as lost", async () => {
    const container = await inspect("count-9");
    return container.state === "lost" && container;
  });
  expect(lost).toMatchObject({ reason: "shim-died", pid: null });
  expect(listProcesses().map((entry) => entry.pid)).not.toContain(pid);
  await expectContiguous("count-9");
  // It can be started again.
  await instance.client.call("startContainer", { params: { name: "count-9" } });
  expect(await inspect("count-9")).toMatchObject({ state: "running", reason: null });
});

it("has lost no line, and knows every exit code", async () => {
  for (const [number, name] of names.slice(0, 9).entries()) {
    const verb = number % 2 === 0 ? "killContainer" : "stopContainer";
    await instance.client.call(verb, { params: { name } });
    const ended = await until(`${name} has ended`, async () => {
      const container = await inspect(name);
      return container.state === "exited" && container;
    });
    const expected =
      number % 2 === 0
        ? { exitCode: 137, signal: "SIGKILL", reason: "signaled" }
        : { exitCode: number, signal: null, reason: "exited" };
    expect(ended, name).toMatchObject(expected);
    expect(await expectContiguous(name)).toBeGreaterThan(100);
  }
});
