import { afterAll, beforeAll, expect, it } from "vitest";
import { type TraceSummary, traceKind } from "../../lib/contract/trace.ts";
import { changedSettings, compareTraces } from "../../lib/contract/trace-compare.ts";
import { isKnownStep } from "../../lib/contract/trace-steps.ts";
import { type Instance, startInstance } from "../support/instance.ts";
import { until } from "../support/until.ts";

const mebibyte = 1024 * 1024;
let instance: Instance;

/** Three starts of one container: as first made, the same again, and with less memory. */
beforeAll(async () => {
  instance = await startInstance();
  const { client } = instance;
  const params = { name: "again" };
  await client.call("createContainer", {
    body: { ...params, command: ["sleep", "600"], tty: false, limits: { memoryBytes: 64 * mebibyte } },
  });
  await client.call("startContainer", { params });
  await client.call("restartContainer", { params, body: { timeoutSeconds: 0 } });
  await client.call("updateContainer", { params, body: { limits: { memoryBytes: 48 * mebibyte } } });
  await client.call("restartContainer", { params, body: { timeoutSeconds: 0 } });
});

afterAll(async () => {
  expect((await instance?.stop()) ?? []).toEqual([]);
});

/** The three starts, newest first; the database hears of them a moment later. */
const starts = () =>
  until("three starts are listed", async () => {
    const { items } = await instance.client.call("listTraces", { params: { name: "again" } });
    const [last, same, first] = items.filter(isStart);
    return last && same && first && { last, same, first, items };
  });
const isStart = (one: TraceSummary): one is TraceSummary & { operationId: string } => traceKind(one) === "start";
const traceOf = (id: string) => instance.client.call("getOperationTrace", { params: { id } });

it("lists the starts of a container, newest first, with what tells them apart", async () => {
  const { items, last } = await starts();
  expect(items.map(({ verb, failedStep }) => [verb, failedStep])).toEqual([
    ["restart", null],
    ["restart", null],
    ["start", null],
  ]);
  const trace = await instance.client.call("getTrace", { params: { name: "again" } });
  expect(last).toMatchObject({
    startedAt: trace.startedAt,
    totalNs: trace.totalNs,
    steps: trace.steps.length,
  });
});

it("shows the steps of each start by its operation", async () => {
  const { last, first } = await starts();
  expect(await traceOf(last.operationId)).toEqual(
    await instance.client.call("getTrace", { params: { name: "again" } }),
  );
  const earlier = await traceOf(first.operationId);
  expect(earlier.startedAt).toBe(first.startedAt);
  expect(earlier.steps.map(({ call }) => call)).toEqual(expect.arrayContaining(["clone3", "pivot_root", "execve"]));
});

it("404 for an operation that started nothing, is not known or is no id", async () => {
  const { items } = await instance.client.call("listOperations", { query: { container: "again" } });
  const created = items.find(({ verb }) => verb === "create");
  for (const id of [created?.id, "00000000-0000-4000-8000-000000000000", "first"]) {
    const answer = await instance.request(`/operations/${id}/trace`);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: "not-found", remedy: expect.stringContaining("--list") });
  }
  expect((await instance.request("/containers/nobody/traces")).status).toBe(404);
});

it("finds no difference between two starts of the same, and the memory limit once that has changed", async () => {
  const { last, same, first } = await starts();
  const differing = (before: Awaited<ReturnType<typeof traceOf>>, after: typeof before) =>
    compareTraces(before, after)
      .filter(({ differs }) => differs)
      .map((pair) => [pair.after?.name, pair.before?.arguments, pair.after?.arguments]);
  const [newest, middle, oldest] = await Promise.all([last, same, first].map((one) => traceOf(one.operationId)));
  if (!newest || !middle || !oldest) throw new Error("there are three");
  // The worker compiles a filter once, and says so; all else is the same.
  const filter = ([name]: (string | undefined)[]) => name === "seccomp profile";
  expect(differing(oldest, middle).filter((one) => !filter(one))).toEqual([]);
  const changed = differing(middle, newest);
  expect(new Set(changed.map(([name]) => name))).toEqual(new Set(["memory limit", "swap limit"]));
  expect(JSON.stringify(changed)).toContain(String(48 * mebibyte));
});

it("lists, shows and compares in a terminal", async () => {
  const { last, same, first } = await starts();
  const { stdout: list } = await instance.cli(["trace", "--list", "again"]);
  const ids = list.trimEnd().split("\n").slice(1);
  expect(ids.map((line) => line.split(/\s+/)[0])).toEqual([last, same, first].map(({ operationId }) => operationId));
  expect(JSON.parse((await instance.cli(["trace", "--list", "--json", "again"])).stdout)).toHaveLength(3);

  const shown = JSON.parse((await instance.cli(["trace", "--operation", first.operationId, "--json", "again"])).stdout);
  expect(shown.startedAt).toBe(first.startedAt);

  const compared = await instance.cli(["trace", "--compare", same.operationId, "again"]);
  expect(compared.stdout).toMatch(/memory limit .*67108864.* → .*50331648/);
  expect(compared.stdout).toMatch(/µs before, .* µs now/);
  expect(await instance.cli(["trace", "--compare", "previous", "again"])).toEqual(compared);
  const none = await instance.cli(["trace", "--operation", first.operationId, "--compare", "previous", "again"]);
  expect(none).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("no earlier start") });
});

it("names the settings that differ, and by how much the total does", async () => {
  const { stdout } = await instance.cli(["trace", "--compare", "previous", "again"]);
  expect(stdout).toMatch(/µs now: [+-]?[\d.]+ µs \(.*mounts [+-]?[\d.]+/);
  expect(stdout).toMatch(/Settings that differ:\n {2}Memory: .*67108864.* → .*50331648/);
  const json = JSON.parse((await instance.cli(["trace", "--compare", "previous", "--json", "again"])).stdout);
  expect(json.settings).toEqual(changedSettings(json.steps, []));
  expect(json.settings.map(({ setting }: { setting: string }) => setting)).toEqual(["limits.memoryBytes"]);
});

it("keeps how a further command came to run, and to its end", async () => {
  const ran = await instance.cli(["exec", "again", "sh", "-c", "exit 3"]);
  expect(ran.code).toBe(3);
  const { items } = await instance.client.call("listTraces", { params: { name: "again" } });
  const [command] = items.filter(({ verb }) => verb === "exec");
  expect(command).toMatchObject({ operationId: null, command: ["sh", "-c", "exit 3"], failedStep: null });
  const params = { name: "again", id: command?.sessionId ?? "" };
  const start = await instance.client.call("getSessionTrace", { params });
  expect(start.steps.map(({ call }) => call)).toEqual(expect.arrayContaining(["setns", "clone3", "execve"]));
  expect(start.steps).toHaveLength(command?.steps ?? 0);
  expect(start.steps.map(({ name }) => name).filter((name) => !isKnownStep(name))).toEqual([]);
  const { stdout } = await instance.cli(["trace", "--session", params.id, "--end", "again"]);
  expect(stdout).toMatch(/reap .* waitid .* exit code 3/);
  const other = { name: "nobody", id: params.id };
  await expect(instance.client.call("getSessionTrace", { params: other })).rejects.toThrow(/nobody/);
});

/** A container that ends only when it is killed. */
const deaf = ["sh", "-c", "trap '' TERM; while :; do sleep 1 & wait; done"];

it("shows who was sent what to end a container, how long that took, and what was taken away then", async () => {
  const params = { name: "deaf" };
  await instance.client.call("createContainer", { body: { ...params, command: deaf, tty: false } });
  await instance.client.call("startContainer", { params });
  expect((await instance.request("/containers/deaf/trace?of=end")).status).toBe(404);
  const patience = 300;
  await instance.client.call("stopContainer", { params, body: { timeoutSeconds: patience / 1000 } });
  const end = await instance.client.call("getTrace", { params, query: { of: "end" } });
  expect(end.steps.map(({ name }) => name)).toEqual([
    ...["signal SIGTERM", "wait for the end", "signal SIGKILL", "wait for the end"],
    ...["reap", "end the rest", "last output", "exit status", "remove cgroup"],
  ]);
  expect(end.steps.every(({ errno, side }) => errno === 0 && side === "host")).toBe(true);
  expect(end.steps.every(({ name }) => isKnownStep(name))).toBe(true);
  const [term, wait, kill] = end.steps;
  expect(term).toMatchObject({ call: "pidfd_send_signal", startNs: 0 });
  expect(wait?.durationNs).toBeGreaterThan(patience * 0.9e6);
  expect(kill?.arguments).toMatch(/^SIGKILL → \d+ processes of \//);
  expect(end.steps[4]?.arguments).toContain("killed by SIGKILL");

  const stop = await until("the stop is listed", async () => {
    const { items } = await instance.client.call("listTraces", { params });
    return items.find(({ verb }) => verb === "stop");
  });
  expect(await traceOf(stop.operationId ?? "")).toEqual(end);
  expect((await instance.cli(["trace", "--end", "deaf"])).stdout).toContain("signal SIGKILL");
});

it("shows that a container that was paused is let go on, for it would not hear the signal", async () => {
  const params = { name: "still" };
  await instance.client.call("createContainer", { body: { ...params, command: ["sh"], tty: true } });
  await instance.client.call("startContainer", { params });
  await instance.client.call("pauseContainer", { params });
  await instance.client.call("stopContainer", { params, body: { timeoutSeconds: 20 } });
  const { steps } = await instance.client.call("getTrace", { params, query: { of: "end" } });
  const sent = steps.filter(({ name }) => !name.startsWith("wait")).slice(0, 4);
  expect(sent.map(({ name }) => name)).toEqual(["signal SIGTERM", "thaw", "hang up", "reap"]);
  expect(sent[1]).toMatchObject({
    call: "write",
    errno: 0,
    arguments: expect.stringContaining("the processes go on → /"),
  });
  expect(sent.every(({ name }) => isKnownStep(name))).toBe(true);
});

it("of an end by itself tells no signal, and of a stop that found nothing to end no trace", async () => {
  const params = { name: "brief" };
  await instance.client.call("createContainer", { body: { ...params, command: ["true"], tty: false } });
  await instance.client.call("startContainer", { params });
  await instance.client.call("waitContainer", { params });
  const end = await instance.client.call("getTrace", { params, query: { of: "end" } });
  expect(end.steps[0]).toMatchObject({ name: "reap", startNs: 0, arguments: "P_PIDFD → exit code 0" });
  const stopped = await instance.client.call("stopContainer", { params, body: {} });
  expect(stopped).toMatchObject({ state: "exited" });
  const { items } = await instance.client.call("listTraces", { params });
  expect(items.map(({ verb }) => verb)).toEqual(["start"]);
});
