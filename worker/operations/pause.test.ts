import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { makeTestWorker, operation, startContainer, type TestWorker, untilState } from "../testing/test-worker.ts";
import { execute } from "./execute.ts";

let worker: TestWorker;
beforeAll(async () => {
  worker = await makeTestWorker();
}, 60_000);
afterEach(() => worker.clear());
afterAll(() => worker?.remove());

const stop = (id: string) => operation("stop", id, { timeoutSeconds: 5 });
const usedBy = (context: Awaited<ReturnType<TestWorker["restart"]>>, id: string) =>
  context.addon.cgroupStats(`/${context.config.cgroup}/${id}`).cpu.usageNs;

describe("a paused container", () => {
  it("uses no processor until it is resumed", async () => {
    const context = await worker.restart();
    const id = await startContainer(context, "while :; do :; done");
    expect(await execute(context, operation("pause", id, {}))).toMatchObject({ container: { state: "paused" } });
    const used = usedBy(context, id);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(usedBy(context, id)).toBe(used);
    expect(await execute(context, operation("pause", id, {}))).toMatchObject({ container: { state: "paused" } });
    expect(await execute(context, operation("resume", id, {}))).toMatchObject({ container: { state: "running" } });
    await expect.poll(() => usedBy(context, id)).toBeGreaterThan(Number(used));
  });

  it("is known again by a worker that starts", async () => {
    const id = await startContainer(await worker.restart());
    const before = await worker.restart();
    await execute(before, operation("pause", id, {}));
    const context = await worker.restart();
    expect(context.records.get(id)?.status.state).toBe("paused");
    await context.addon.cgroupFreeze(`/${context.config.cgroup}/${id}`, false);
    const again = await worker.restart();
    expect(again.records.get(id)?.status.state).toBe("running");
  });

  it.each([
    ["stop", { timeoutSeconds: 5 }, { state: "exited", exitCode: 7 }],
    ["kill", { signal: "SIGKILL" }, { state: "exited", signal: "SIGKILL" }],
    ["restart", { timeoutSeconds: 5 }, { state: "running" }],
  ] as const)("can be ended by %s", async (verb, given, after) => {
    const context = await worker.restart();
    const id = await startContainer(context);
    await execute(context, operation("pause", id, {}));
    const begun = Date.now();
    expect(await execute(context, operation(verb, id, given))).toMatchObject({ problem: null, container: after });
    expect(Date.now() - begun).toBeLessThan(4000);
  });

  it("can be deleted by force, and not started", async () => {
    const context = await worker.restart();
    const id = await startContainer(context);
    await execute(context, operation("pause", id, {}));
    expect((await execute(context, operation("start", id, {}))).problem?.code).toBe("container-paused");
    expect((await execute(context, operation("delete", id, { force: true }))).problem).toBeNull();
  });
});

it("refuses to pause what does not run, and leaves no mark on it", async () => {
  const context = await worker.restart();
  const id = await startContainer(context, "exit 0");
  await untilState(context, id, "exited");
  const refused = await execute(context, operation("pause", id, {}));
  expect(refused).toMatchObject({ problem: { code: "container-not-running" }, container: { problem: null } });
  expect((await execute(context, operation("resume", randomUUID(), {}))).problem?.code).toBe("container-not-found");
});

describe("a shell at a terminal", () => {
  it.each([
    ["bash", "exec bash -i"],
    ["sh", "exec sh -i"],
  ])("%s ends at once when it is stopped", async (_, script) => {
    const context = await worker.restart();
    const id = await startContainer(context, script, { tty: true });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const begun = Date.now();
    const stopped = await execute(context, stop(id));
    expect(stopped.container).toMatchObject({ state: "exited", signal: null });
    expect(Date.now() - begun).toBeLessThan(1000);
  });

  it("is not hung up while its program catches SIGTERM", async () => {
    const context = await worker.restart();
    const script = "trap 'sleep 0.3; echo done > /dev/tty && exit 9; exit 1' TERM; while :; do sleep 0.01; done";
    const id = await startContainer(context, script, { tty: true });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await execute(context, stop(id))).container).toMatchObject({ exitCode: 9 });
  });
});
