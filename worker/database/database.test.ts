import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { CreateToken } from "../../lib/contract/token.ts";
import type { DatabaseConfig } from "../../lib/store/database-config.ts";
import { findContainer } from "../../lib/store/find-container.ts";
import { listNodes } from "../../lib/store/list-nodes.ts";
import { peopleChannel } from "../../lib/store/people.ts";
import { readOperation } from "../../lib/store/read-operation.ts";
import { openStore, type Store } from "../../lib/store/store.ts";
import { submitOperation } from "../../lib/store/submit-operation.ts";
import { startTestPostgres, type TestPostgres } from "../../lib/store/testing/postgres.ts";
import { createOperationWaiter } from "../../lib/store/wait-for-operation.ts";
import type { Context } from "../context.ts";
import { execute } from "../operations/execute.ts";
import { creation, makeTestWorker, operation, type TestWorker } from "../testing/test-worker.ts";
import { type Database, runDatabase } from "./database.ts";
import { bulkConcurrency } from "./jobs.ts";

let postgres: TestPostgres;
let worker: TestWorker;
let context: Context;
let target: DatabaseConfig & { socketDir: string };
let store: Store;
let stop: AbortController;
let database: Database;

beforeAll(async () => {
  postgres = await startTestPostgres();
  worker = await makeTestWorker();
}, 60_000);
afterAll(async () => {
  await postgres?.stop();
  await worker?.remove();
});

let count = 0;
beforeEach(async () => {
  count += 1;
  target = await postgres.createDatabase(`worker_${count}`);
  await startWorker();
  store = openStore(target);
  await connected();
});
afterEach(async () => {
  stop.abort();
  await database.closed;
  await store.close();
  await worker.clear();
});

async function startWorker(): Promise<void> {
  const { socketDir, user, database: name } = { user: "postgres", database: "", ...target };
  const url = `postgresql://${user}@localhost/${name}?host=${socketDir}`;
  const restarted = await worker.restart();
  context = { ...restarted, config: { ...restarted.config, databaseUrl: url, node: restarted.config.node } };
  stop = new AbortController();
  database = runDatabase(context, stop.signal);
}

const connected = () => expect.poll(() => database.status(), { timeout: 10_000 }).toBe("connected");
const projected = () => expect.poll(() => context.outbox.size(), { timeout: 10_000 }).toBe(0);

describe("the worker's side of the database", () => {
  it("makes the schema, registers the node and takes its jobs", async () => {
    expect(await listNodes(store)).toMatchObject([{ id: context.config.node, cgroupVersion: expect.any(Number) }]);
    const waiter = createOperationWaiter(store);
    const id = randomUUID();
    const ask = async (asked: ReturnType<typeof creation>) => {
      const { id } = await submitOperation(store, context.config.node, asked);
      return waiter.wait(id, 15_000);
    };
    expect(await ask(creation(id))).toMatchObject({ state: "succeeded", generation: 1 });
    expect(await ask(operation("start", id, {}))).toMatchObject({ state: "succeeded", generation: 2 });
    expect(await findContainer(store, id)).toMatchObject({ state: "running", generation: 2, pid: expect.any(Number) });
    const trace = await store.prisma.operation.findFirst({ where: { verb: "start" }, select: { trace: true } });
    expect(trace?.trace).toMatchObject({ version: 1 });
    expect(await ask(operation("delete", id, { force: true }))).toMatchObject({ state: "succeeded", container: null });
    expect(await findContainer(store, id)).toBeNull();
    const actions = await store.prisma.event.findMany({ orderBy: { sequence: "asc" }, select: { action: true } });
    expect(actions.map(({ action }) => action)).toEqual(["created", "starting", "started", "deleted"]);
    await waiter.close();
  });

  it("goes on without it, and tells it everything when it is back", async () => {
    const id = randomUUID();
    const create = creation(id);
    await execute(context, create);
    await projected();
    await postgres.crash();
    await expect.poll(() => database.status()).toBe("unavailable");
    const start = await execute(context, operation("start", id, {}));
    expect(start.state).toBe("succeeded");
    await postgres.start();
    await connected();
    await projected();
    expect(await findContainer(store, id)).toMatchObject({ state: "running" });
    expect(await readOperation(store, start.id)).toMatchObject({ state: "succeeded" });
    const queued = await submitOperation(store, context.config.node, operation("stop", id, { timeoutSeconds: 5 }));
    await expect
      .poll(async () => (await readOperation(store, queued.id))?.state, { timeout: 10_000 })
      .toBe("succeeded");
  });

  it("finishes a job that the database did not see the end of", async () => {
    const id = randomUUID();
    await execute(context, creation(id));
    await execute(context, operation("start", id, {}));
    await projected();
    const stopping = await submitOperation(store, context.config.node, operation("stop", id, { timeoutSeconds: 5 }));
    await expect
      .poll(() => context.records.get(id)?.current?.id ?? context.records.get(id)?.status.state)
      .toBeDefined();
    await postgres.crash();
    await expect.poll(() => database.status()).toBe("unavailable");
    await postgres.start();
    await connected();
    await expect
      .poll(async () => (await readOperation(store, stopping.id))?.state, { timeout: 15_000 })
      .toBe("succeeded");
    const jobs = () => store.pool.query("SELECT FROM graphile_worker.jobs");
    await expect.poll(async () => (await jobs()).rowCount, { timeout: 15_000 }).toBe(0);
  });

  it("tells a database that is new how its containers stand", async () => {
    const id = randomUUID();
    await execute(context, creation(id));
    await projected();
    stop.abort();
    await database.closed;
    await store.close();
    target = await postgres.createDatabase(`worker_${count}_new`);
    store = openStore(target);
    await startWorker();
    await connected();
    await projected();
    expect(await findContainer(store, id)).toMatchObject({ state: "created" });
  });

  it("fails what a job that is no operation was to be, and goes on", async () => {
    const { node } = context.config;
    const payload = JSON.stringify({ ...creation(randomUUID()), containerId: "../../etc" });
    await store.pool.query("SELECT graphile_worker.add_job($1, $2::json)", [`operation:${node}`, payload]);
    await expect
      .poll(async () => (await store.pool.query("SELECT FROM graphile_worker.jobs")).rowCount, { timeout: 10_000 })
      .toBe(0);
    const hostile = { ...creation(randomUUID()), arguments: { name: "../../etc" } };
    const asked = await store.pool.query("SELECT minirun_submit($1, $2, NULL)", [node, JSON.stringify(hostile)]);
    expect(asked.rowCount).toBe(1);
    await expect
      .poll(async () => (await readOperation(store, hostile.id))?.problem?.code, { timeout: 10_000 })
      .toBe("validation-failed");
    const made = await submitOperation(store, node, creation(randomUUID()));
    await expect.poll(async () => (await readOperation(store, made.id))?.state, { timeout: 10_000 }).toBe("succeeded");
  });

  it("carries out a few operations of bulk actions at once, and everybody else's beside them", async () => {
    const { node } = context.config;
    const ids = Array.from({ length: bulkConcurrency + 2 }, () => randomUUID());
    const stubborn = "trap '' TERM; while :; do sleep 0.1; done";
    for (const id of ids) await execute(context, creation(id, stubborn));
    for (const id of ids) await execute(context, operation("start", id, {}));
    await projected();
    const running = new Set<string>();
    const done: string[] = [];
    let most = 0;
    context.events.listen((news) => {
      if (news.type !== "operation") return;
      const { containerId, finishedAt } = news.operation;
      if (finishedAt === null) running.add(containerId);
      else if (running.delete(containerId)) done.push(containerId);
      most = Math.max(most, running.size);
    });
    const stop = (id: string) => operation("stop", id, { timeoutSeconds: 1 });
    const single = ids.pop() ?? "";
    for (const id of ids) await submitOperation(store, node, stop(id), null, true);
    // As it is fetched when nobody gave it to the worker directly.
    const payload = JSON.stringify(stop(single));
    await store.pool.query("SELECT graphile_worker.add_job($1, $2::json)", [`operation:${node}`, payload]);
    await expect.poll(() => done.length, { timeout: 20_000 }).toBe(ids.length + 1);
    expect(most).toBe(bulkConcurrency + 1);
    expect(done.indexOf(single)).toBeLessThan(ids.length);
  });
});

it("brings API tokens together with the database, whichever of the two knows more", async () => {
  const { id } = await context.access.createToken("operator", CreateToken.parse({ name: "deploy", role: "operator" }));
  await expect.poll(async () => (await store.prisma.token.findUnique({ where: { id } }))?.name).toBe("deploy");
  await store.prisma.token.update({ where: { id }, data: { revokedAt: new Date() } });
  await store.pool.query(`NOTIFY ${peopleChannel}`);
  await expect.poll(() => context.access.listTokens("operator")).toEqual([]);
  expect(() => context.access.require(`token:${id}`, "viewer")).toThrow(/revoked/);
});

it("hears at once who may ask, and who may no longer", async () => {
  const id = randomUUID();
  const may = (role: "viewer" | "operator") => () => {
    try {
      return context.access.require(id, role).name;
    } catch {
      return null;
    }
  };
  const person = { id, name: "Ann", email: "ann@example.org", role: "operator" };
  await store.prisma.person.create({ data: person });
  await expect.poll(may("operator")).toBe("Ann");
  await store.prisma.person.update({ where: { id }, data: { role: "viewer" } });
  await expect.poll(may("operator")).toBeNull();
  expect(may("viewer")()).toBe("Ann");
  await store.prisma.person.update({ where: { id }, data: { disabledAt: new Date() } });
  await expect.poll(may("viewer")).toBeNull();
});
