import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { ContainerSpec } from "../../lib/contract/container.ts";
import type { Context } from "../context.ts";
import { newRecord, type Status } from "../state/record.ts";
import { makeTestWorker, operation, type TestWorker, untilState } from "../testing/test-worker.ts";
import { execute } from "./execute.ts";
import { endOfRun } from "./restart-policy.ts";

describe("endOfRun", () => {
  const ended = { state: "exited", exitCode: 1, reason: "exited" } as const;
  const change = (restart: string, end: Partial<Status>, fields: object = {}, status: Partial<Status> = {}) => {
    const spec = ContainerSpec.parse({ name: "a", command: ["a"], restart });
    const record = { ...newRecord(randomUUID(), "node", spec, new Date(0).toISOString()), ...fields };
    const startedAt = new Date(0).toISOString();
    const finishedAt = new Date(1000).toISOString();
    return endOfRun(
      { ...record, status: { ...record.status, startedAt, ...status } },
      { finishedAt, ...end },
      "exited",
    );
  };

  it.each([
    ["no", ended, {}, {}, "exited"],
    ["always", { ...ended, exitCode: 0 }, {}, {}, "restarting"],
    ["always", ended, { endWanted: true }, {}, "exited"],
    ["on-failure", ended, {}, { restartCount: 100 }, "restarting"],
    ["on-failure", { ...ended, exitCode: 0 }, {}, {}, "exited"],
    ["on-failure:3", ended, {}, { restartCount: 2 }, "restarting"],
    ["on-failure:3", ended, {}, { restartCount: 3 }, "exited"],
    ["on-failure", { state: "lost", reason: "shim-died", exitCode: null }, {}, {}, "restarting"],
    ["on-failure", { state: "lost", reason: "host-rebooted", exitCode: null }, {}, {}, "lost"],
    ["always", { state: "lost", reason: "host-rebooted", exitCode: null }, {}, {}, "restarting"],
  ] as const)("%s after %o", (restart, end, fields, status, state) => {
    expect(change(restart, end, fields, status).status?.state).toBe(state);
  });

  it.each([
    [0, 1000, 100],
    [3, 1000, 800],
    [20, 1000, 60_000],
    [20, 10_000, 100],
  ])("waits twice as long after each of %d quick ends, and briefly after a run of %d ms", (quickEnds, lasted, wait) => {
    const begun = Date.now();
    const { status } = change("always", { ...ended, finishedAt: new Date(lasted).toISOString() }, { quickEnds });
    const planned = Date.parse(status?.nextStartAt ?? "") - begun;
    expect(planned).toBeGreaterThanOrEqual(wait);
    expect(planned).toBeLessThan(wait + 100);
  });
});

describe("a container with a restart policy", () => {
  let worker: TestWorker;
  beforeAll(async () => {
    worker = await makeTestWorker();
  }, 60_000);
  afterEach(() => worker.clear());
  afterAll(() => worker?.remove());

  const make = async (context: Context, script: string, settings: object) => {
    const id = randomUUID();
    const spec = { name: `c-${id.slice(0, 8)}`, tty: false, command: ["/bin/sh", "-c", script], ...settings };
    const made = await execute(context, operation("create", id, ContainerSpec.parse(spec)));
    expect(made.problem).toBeNull();
    expect((await execute(context, operation("start", id, {}))).problem).toBeNull();
    return id;
  };
  const statusOf = (context: Context, id: string) => context.records.get(id)?.status;

  it("is started again until it has failed too often", async () => {
    const context = await worker.restart();
    const id = await make(context, "exit 3", { restart: "on-failure:2" });
    await expect
      .poll(() => statusOf(context, id), { timeout: 10_000 })
      .toMatchObject({
        state: "exited",
        exitCode: 3,
        restartCount: 2,
      });
    const again = context.records.get(id)?.operations.map(({ operation }) => operation.principal);
    expect(again).toEqual(["operator", "operator", "restart-policy", "restart-policy"]);
    expect((await execute(context, operation("start", id, {}))).container?.restartCount).toBe(0);
    await execute(context, operation("stop", id, { timeoutSeconds: 1 }));
  });

  it("stays as someone left it: stopped while it ran, while it waited, and over a worker's restart", async () => {
    const context = await worker.restart();
    const running = await make(context, "trap 'exit 1' TERM; while :; do sleep 0.01; done", { restart: "always" });
    const waiting = await make(context, "sleep 0.01", { restart: "always" });
    await execute(context, operation("stop", running, { timeoutSeconds: 5 }));
    for (let i = 0; i < 6; i += 1) await untilState(context, waiting, "restarting");
    expect((await execute(context, operation("delete", waiting, { force: false }))).problem).not.toBeNull();
    await execute(context, operation("stop", waiting, { timeoutSeconds: 5 }));
    const later = await worker.restart();
    await new Promise((resolve) => setTimeout(resolve, 500));
    for (const id of [running, waiting]) {
      expect(statusOf(later, id)).toMatchObject({ state: "exited", nextStartAt: null });
    }
  });

  it("is started by the next worker when it ended meanwhile", async () => {
    const context = await worker.restart();
    const id = await make(context, "trap 'exit 1' USR1; while :; do sleep 0.01; done", { restart: "always" });
    const { run, status } = context.records.get(id) ?? {};
    await worker.die();
    process.kill(status?.pid ?? 0, "SIGKILL");
    await new Promise((resolve) => setTimeout(resolve, 200));
    const next = await worker.restart();
    await expect.poll(() => statusOf(next, id)?.state, { timeout: 10_000 }).toBe("running");
    expect(next.records.get(id)?.run).not.toBe(run);
    expect(statusOf(next, id)?.restartCount).toBe(1);
  });

  it("is tried again when its start fails", async () => {
    const context = await worker.restart();
    const id = await make(context, "rm -f /bin/once; exit 1", { restart: "on-failure:3" });
    const record = context.records.get(id);
    if (!record) throw new Error("no record");
    await context.lanes.run(id, async () => {
      const now = context.records.get(id) ?? record;
      await context.records.save({ ...now, spec: { ...now.spec, command: ["/no/such"] } }, { durable: false });
    });
    await expect
      .poll(() => statusOf(context, id), { timeout: 15_000 })
      .toMatchObject({
        state: "exited",
        restartCount: 3,
        problem: { code: "command-not-found" },
      });
  });

  it("goes by itself once it has ended, if it was to", async () => {
    const context = await worker.restart();
    const both = { autoRemove: true, restart: "always", name: "both", command: ["a"] };
    const refused = await execute(context, operation("create", randomUUID(), ContainerSpec.parse(both)));
    expect(refused.problem).toMatchObject({ code: "validation-failed", errors: [{ path: "autoRemove" }] });
    const id = await make(context, "sleep 0.05", { autoRemove: true });
    await expect.poll(() => context.records.find(id), { timeout: 10_000 }).toBeUndefined();
    expect(context.records.get(id)?.operations.at(-1)?.operation.principal).toBe("auto-remove");
  });

  it("goes by itself only when those who read its output have left", async () => {
    const context = await worker.restart();
    const id = await make(context, "sleep 0.05", { autoRemove: true });
    context.readers.expect(id, "session");
    const leave = context.readers.enter(id);
    await untilState(context, id, "exited");
    await context.lanes.idle();
    expect(context.records.find(id)).toBeDefined();
    leave();
    context.readers.forget(id, "session");
    await expect.poll(() => context.records.find(id), { timeout: 10_000 }).toBeUndefined();
  });
});
