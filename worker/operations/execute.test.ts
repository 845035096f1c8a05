import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { ContainerSpec, type ContainerState } from "../../lib/contract/container.ts";
import type { Operation, OperationResult } from "../../lib/contract/operation.ts";
import type { OutboxEntry } from "../../lib/store/outbox-entry.ts";
import type { Context } from "../context.ts";
import {
  creation as create,
  endless,
  makeTestWorker,
  operation,
  type TestWorker,
  untilState,
} from "../testing/test-worker.ts";
import { execute } from "./execute.ts";

type Verb = Operation["verb"];

let worker: TestWorker;
beforeAll(async () => {
  worker = await makeTestWorker();
}, 60_000);
afterEach(() => worker.clear());
afterAll(() => worker?.remove());

/** Everything that the outbox holds, taken out as the database would. */
async function drain(context: Context): Promise<OutboxEntry[]> {
  const entries: OutboxEntry[] = [];
  await context.outbox.drain(async (entry) => {
    entries.push(entry);
    return "done";
  });
  return entries;
}

describe("execute", () => {
  it("leads a container through its life", async () => {
    const context = await worker.restart();
    const id = randomUUID();
    const states: unknown[] = [];
    context.events.subscribe(({ action, container }) => states.push([action, container.state]));
    await execute(context, create(id));
    const started = await execute(context, operation("start", id, {}));
    expect(started.container).toMatchObject({ state: "running", pid: expect.any(Number), missing: [] });
    const stopped = await execute(context, operation("stop", id, { timeoutSeconds: 5 }));
    expect(stopped.container).toMatchObject({
      state: "exited",
      exitCode: 7,
      signal: null,
      reason: "exited",
      pid: null,
    });
    const deleted = await execute(context, operation("delete", id, { force: false }));
    expect(deleted).toMatchObject({ state: "succeeded", container: null });
    expect(states.map(String)).toEqual([
      "created,created",
      "starting,starting",
      "started,running",
      "stopping,stopping",
      "exited,exited",
      "deleted,exited",
    ]);
    const entries = await drain(context);
    expect(entries.filter(({ operation }) => operation?.result.verb === "start")[0]?.operation?.trace).toMatchObject({
      steps: expect.arrayContaining([expect.objectContaining({ call: "clone3" })]),
    });
  });

  it("answers the same for an operation that comes again", async () => {
    const context = await worker.restart();
    const id = randomUUID();
    await execute(context, create(id));
    const start = operation("start", id, {});
    const both = await Promise.all([execute(context, start), execute(context, start)]);
    expect(both[1]).toEqual(both[0]);
    await execute(context, operation("kill", id, { signal: "SIGKILL" }));
    expect(await execute(context, start)).toEqual(both[0]);
  });

  it("refuses what a later request has overtaken", async () => {
    const context = await worker.restart();
    const id = randomUUID();
    await execute(context, create(id));
    await execute(context, { ...operation("start", id, {}), generation: 3 });
    const late = await execute(context, { ...operation("stop", id, { timeoutSeconds: 0 }), generation: 2 });
    expect(late).toMatchObject({ state: "failed", problem: { code: "superseded" }, container: { problem: null } });
    const aMomentAgo = new Date(Date.now() - 10).toISOString();
    const earlier = { ...operation("kill", id, { signal: "SIGKILL" }), generation: 4, requestedAt: aMomentAgo };
    await execute(context, operation("stop", id, { timeoutSeconds: 0 }));
    expect((await execute(context, earlier)).problem?.code).toBe("superseded");
  });

  it("keeps a container whose start fails, with the kernel's word", async () => {
    const context = await worker.restart();
    const id = randomUUID();
    const spec = ContainerSpec.parse({ name: "nope", command: ["/bin/nope"] });
    await execute(context, operation("create", id, spec));
    const failed = await execute(context, operation("start", id, {}));
    expect(failed.problem).toMatchObject({
      code: "command-not-found",
      status: 422,
      cause: { call: "faccessat2", subject: "/bin/nope", errnoName: "ENOENT" },
    });
    expect(failed.container).toMatchObject({ state: "created", pid: null, problem: { code: "command-not-found" } });
  });

  it.each([
    ["container-not-found", "start", {}, 0],
    ["container-not-running", "kill", { signal: "SIGTERM" }, 1],
    ["container-running", "delete", { force: false }, 2],
  ] as const)("answers %s to %s", async (code, verb, given, stage) => {
    const context = await worker.restart();
    const id = randomUUID();
    if (stage > 0) await execute(context, create(id));
    if (stage > 1) await execute(context, operation("start", id, {}));
    expect(await execute(context, operation(verb, id, given))).toMatchObject({ state: "failed", problem: { code } });
  });

  it("gives a name once, and again when it is free", async () => {
    const context = await worker.restart();
    const [one, other] = [randomUUID(), randomUUID()];
    const results = await Promise.all([
      execute(context, create(one, endless, { name: "same" })),
      execute(context, create(other, endless, { name: "same" })),
    ]);
    expect(results.map(({ problem }) => problem?.code)).toEqual([undefined, "name-taken"]);
    await execute(context, operation("delete", one, { force: false }));
    expect((await execute(context, create(randomUUID(), endless, { name: "same" }))).state).toBe("succeeded");
  });

  it("lets SIGKILL overtake a stop that waits", async () => {
    const context = await worker.restart();
    const id = randomUUID();
    await execute(context, create(id, "trap '' TERM; while :; do sleep 0.01; done"));
    await execute(context, operation("start", id, {}));
    const begun = Date.now();
    const stopping = execute(context, operation("stop", id, { timeoutSeconds: 60 }));
    await untilState(context, id, "stopping");
    await execute(context, operation("kill", id, { signal: "SIGKILL" }));
    expect((await stopping).container).toMatchObject({ state: "exited", exitCode: 137, signal: "SIGKILL" });
    expect(Date.now() - begun).toBeLessThan(10_000);
  });

  it("lets it overtake a stop that has not begun", async () => {
    const context = await worker.restart();
    const id = randomUUID();
    await execute(context, create(id, "trap '' TERM; while :; do sleep 0.01; done"));
    await execute(context, operation("start", id, {}));
    const begun = Date.now();
    let free = () => {};
    void context.lanes.run(id, () => new Promise<void>((resolve) => (free = resolve)));
    const stopping = execute(context, operation("stop", id, { timeoutSeconds: 60 }));
    const killing = execute(context, operation("kill", id, { signal: "SIGKILL" }));
    await new Promise(setImmediate);
    free();
    expect((await stopping).container).toMatchObject({ state: "exited", signal: "SIGKILL" });
    await killing;
    expect(Date.now() - begun).toBeLessThan(10_000);
  });

  it("records a container as lost when its shim dies", async () => {
    const context = await worker.restart();
    const id = randomUUID();
    await execute(context, create(id));
    await execute(context, operation("start", id, {}));
    process.kill(context.records.get(id)?.shim?.pid ?? 0, "SIGKILL");
    await untilState(context, id, "lost");
    expect(context.records.get(id)?.status).toMatchObject({ reason: "shim-died", pid: null, exitCode: null });
    expect(context.addon.cgroupList(`/${context.config.cgroup}`)).toEqual([]);
  });

  it("rejects what is no operation", async () => {
    const context = await worker.restart();
    const hostile = { ...create(randomUUID()), containerId: "../../etc" };
    await expect(execute(context, hostile)).rejects.toMatchObject({ problem: { code: "validation-failed" } });
  });
});

/** What a worker is asked for, and what was asked before; `after` is the state that the request ends in. */
const requests: {
  title: string;
  before: Verb[];
  script?: string;
  verb: Verb;
  given: object;
  after: ContainerState | null;
}[] = [
  { title: "create", before: [], verb: "create", given: {}, after: "created" },
  { title: "start", before: ["create"], verb: "start", given: {}, after: "running" },
  {
    title: "start of a short program",
    before: ["create"],
    script: "exit 3",
    verb: "start",
    given: {},
    after: "exited",
  },
  { title: "stop", before: ["create", "start"], verb: "stop", given: { timeoutSeconds: 5 }, after: "exited" },
  { title: "restart", before: ["create", "start"], verb: "restart", given: { timeoutSeconds: 5 }, after: "running" },
  { title: "restart of one that does not run", before: ["create"], verb: "restart", given: {}, after: "running" },
  { title: "pause", before: ["create", "start"], verb: "pause", given: {}, after: "paused" },
  { title: "resume", before: ["create", "start", "pause"], verb: "resume", given: {}, after: "running" },
  {
    title: "stop of a paused one",
    before: ["create", "start", "pause"],
    verb: "stop",
    given: { timeoutSeconds: 5 },
    after: "exited",
  },
  {
    title: "update",
    before: ["create", "start"],
    verb: "update",
    given: { change: { limits: { pids: 40 }, labels: { a: "b" } } },
    after: "running",
  },
  { title: "kill", before: ["create", "start"], verb: "kill", given: { signal: "SIGKILL" }, after: "exited" },
  { title: "delete", before: ["create", "start"], verb: "delete", given: { force: true }, after: null },
];

describe("a worker that is killed", () => {
  it.each(requests)(
    "at any step of $title, and then in its first steps, finishes it once",
    async (request) => {
      const { before, script, verb, given, after } = request;
      for (let steps = 0; ; steps += 1) {
        const id = randomUUID();
        const [creation, start] = [create(id, script), operation("start", id, {})];
        const asked = verb === "create" ? creation : verb === "start" ? start : operation(verb, id, given);
        const doomed = await worker.restart();
        for (const one of before) {
          await execute(doomed, one === "create" ? creation : one === "start" ? start : operation(one, id, {}));
        }
        await drain(doomed);
        const dead = worker.die(steps).then(() => null);
        const answer = await Promise.race([execute(doomed, asked), dead]);
        await worker.restart(1);
        await worker.restart(2);
        const context = await worker.restart();
        const again = await execute(context, asked);
        if (answer) expect(again).toMatchObject({ state: answer.state, finishedAt: answer.finishedAt });
        if (after) await untilState(context, id, after);
        expectOnce(await drain(context), again, after);
        if (after) await execute(context, operation("delete", id, { force: true }));
        if (answer) return expect(steps).toBeGreaterThan(2);
      }
    },
    60_000,
  );
});

/** What the database would take: one result for the operation, one event of each kind, the last state at the end. */
function expectOnce(entries: OutboxEntry[], { id, state }: OperationResult, after: ContainerState | null): void {
  expect(state).toBe("succeeded");
  const results = entries.flatMap(({ operation }) => (operation?.result.id === id ? [operation.result] : []));
  expect(new Set(results.map((result) => result.state))).toEqual(new Set(["succeeded"]));
  const events = new Map(entries.flatMap(({ event }) => (event ? [[event.id, event.action]] : [])));
  expect(new Set(events.values()).size).toBe(events.size);
  const last = entries.at(-1)?.container;
  expect(last?.value.state).toBe(after ?? "exited");
  expect(last?.deletedAt === null).toBe(after !== null);
}
