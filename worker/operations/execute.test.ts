import { randomUUID } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { readConfig } from "../../lib/config.ts";
import { ContainerSpec, type ContainerState } from "../../lib/contract/container.ts";
import type { Operation, OperationResult } from "../../lib/contract/operation.ts";
import type { OutboxEntry } from "../../lib/store/outbox-entry.ts";
import type { Context } from "../context.ts";
import { readInstallation } from "../installation.ts";
import { openContext } from "../open-context.ts";
import { reconcile, resume } from "../reconcile/reconcile.ts";
import { type Mortal, makeMortal } from "../testing/mortal.ts";
import { execute } from "./execute.ts";

type Verb = Operation["verb"];

const installation = readInstallation(fileURLToPath(new URL("../..", import.meta.url)));
let folder: string;
let images: Context["images"];
let worker: Mortal | null = null;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "minirun-test-execute-"));
  const context = await startWorker();
  images = context.images;
  await images.resolve("host");
}, 60_000);

afterEach(async () => {
  const context = await startWorker();
  for (const { id } of context.records.live()) await execute(context, operation("delete", id, { force: true }));
  for (const { id } of context.records.all()) await context.addon.removeTree(context.records.folder(id));
  expect(await readdir(context.paths.runContainers)).toEqual([]);
  expect(context.addon.cgroupList(`/${context.config.cgroup}`)).toEqual([]);
  await drain(context);
});

afterAll(async () => {
  worker?.context.addon.cgroupRemoveRoot(`/${basename(folder)}`);
  await rm(folder, { recursive: true });
});

/** Kills the worker that runs and starts one on the same folders; it may be doomed to die in its first steps. */
async function startWorker(stepsToLive = Number.POSITIVE_INFINITY): Promise<Context> {
  worker?.die();
  const config = readConfig({
    NODE_ENV: "test",
    MINIRUN_HOME: join(folder, "home"),
    MINIRUN_RUN: join(folder, "run"),
    MINIRUN_CGROUP: basename(folder),
  });
  const context = await openContext(config, installation, pino({ level: "silent" }));
  worker = makeMortal(images ? { ...context, images } : context);
  worker.die(stepsToLive);
  const { context: mortal, died } = worker;
  const recover = async () => {
    resume(mortal, await reconcile(mortal));
    await mortal.lanes.idle();
  };
  await Promise.race([recover(), died]);
  return mortal;
}

const endless = "trap 'exit 7' TERM; while :; do sleep 0.01; done";

function operation(verb: Verb, containerId: string, given: object): Operation {
  const request = { id: randomUUID(), containerId, principal: "operator", generation: null };
  return { ...request, verb, requestedAt: new Date().toISOString(), arguments: given } as Operation;
}

function create(id: string, script = endless, name = `c-${id.slice(0, 8)}`): Operation {
  const limits = { memoryBytes: 64 * 1024 * 1024, cpus: 1, pids: 32 };
  return operation("create", id, ContainerSpec.parse({ name, command: ["/bin/sh", "-c", script], tty: false, limits }));
}

/** Everything that the outbox holds, taken out as the database would. */
async function drain(context: Context): Promise<OutboxEntry[]> {
  const entries: OutboxEntry[] = [];
  await context.outbox.drain(async (entry) => {
    entries.push(entry);
    return "done";
  });
  return entries;
}

async function untilState(context: Context, id: string, state: ContainerState): Promise<void> {
  await expect.poll(() => context.records.get(id)?.status.state, { timeout: 5000 }).toBe(state);
}

describe("execute", () => {
  it("leads a container through its life", async () => {
    const context = await startWorker();
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
    const context = await startWorker();
    const id = randomUUID();
    await execute(context, create(id));
    const start = operation("start", id, {});
    const both = await Promise.all([execute(context, start), execute(context, start)]);
    expect(both[1]).toEqual(both[0]);
    await execute(context, operation("kill", id, { signal: "SIGKILL" }));
    expect(await execute(context, start)).toEqual(both[0]);
  });

  it("refuses what a later request has overtaken", async () => {
    const context = await startWorker();
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
    const context = await startWorker();
    const id = randomUUID();
    const spec = ContainerSpec.parse({ name: "nope", command: ["/bin/nope"] });
    await execute(context, operation("create", id, spec));
    const failed = await execute(context, operation("start", id, {}));
    expect(failed.problem).toMatchObject({
      code: "command-not-found",
      status: 422,
      cause: { call: expect.stringMatching(/^execve/), subject: "/bin/nope", errnoName: "ENOENT" },
    });
    expect(failed.container).toMatchObject({ state: "created", pid: null, problem: { code: "command-not-found" } });
  });

  it.each([
    ["container-not-found", "start", {}, 0],
    ["container-not-running", "kill", { signal: "SIGTERM" }, 1],
    ["container-running", "delete", { force: false }, 2],
  ] as const)("answers %s to %s", async (code, verb, given, stage) => {
    const context = await startWorker();
    const id = randomUUID();
    if (stage > 0) await execute(context, create(id));
    if (stage > 1) await execute(context, operation("start", id, {}));
    expect(await execute(context, operation(verb, id, given))).toMatchObject({ state: "failed", problem: { code } });
  });

  it("gives a name once, and again when it is free", async () => {
    const context = await startWorker();
    const [one, other] = [randomUUID(), randomUUID()];
    const results = await Promise.all([
      execute(context, create(one, endless, "same")),
      execute(context, create(other, endless, "same")),
    ]);
    expect(results.map(({ problem }) => problem?.code)).toEqual([undefined, "name-taken"]);
    await execute(context, operation("delete", one, { force: false }));
    expect((await execute(context, create(randomUUID(), endless, "same"))).state).toBe("succeeded");
  });

  it("lets SIGKILL overtake a stop that waits", async () => {
    const context = await startWorker();
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

  it("records a container as lost when its shim dies", async () => {
    const context = await startWorker();
    const id = randomUUID();
    await execute(context, create(id));
    await execute(context, operation("start", id, {}));
    process.kill(context.records.get(id)?.shim?.pid ?? 0, "SIGKILL");
    await untilState(context, id, "lost");
    expect(context.records.get(id)?.status).toMatchObject({ reason: "shim-died", pid: null, exitCode: null });
    expect(context.addon.cgroupList(`/${context.config.cgroup}`)).toEqual([]);
  });

  it("rejects what is no operation", async () => {
    const context = await startWorker();
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
        const asked =
          { create: creation, start, stop: null, kill: null, delete: null }[verb] ?? operation(verb, id, given);
        const doomed = await startWorker();
        for (const one of before) await execute(doomed, one === "create" ? creation : start);
        await drain(doomed);
        worker?.die(steps);
        const answer = await Promise.race([execute(doomed, asked), worker?.died.then(() => null)]);
        await startWorker(1);
        await startWorker(2);
        const context = await startWorker();
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
