import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Container, ContainerSpec } from "../../lib/contract/container.ts";
import { BulkAction, ListOperations, Operation, OperationResult } from "../../lib/contract/operation.ts";
import { operator } from "../../lib/contract/principal.ts";
import { fail, problem } from "../../lib/contract/problem.ts";
import { migrate } from "../../lib/store/migrate.ts";
import { projectOutboxEntry } from "../../lib/store/project-outbox.ts";
import { registerNode } from "../../lib/store/register-node.ts";
import { openStore, type Store } from "../../lib/store/store.ts";
import { startTestPostgres, type TestPostgres } from "../../lib/store/testing/postgres.ts";
import { exampleContainer } from "../testing/example-container.ts";
import { answerJson, startTestWeb, type TestWeb } from "../testing/fake-worker.ts";
import { bulkAction } from "./bulk-action.ts";
import { findContainer } from "./find-container.ts";
import { getOperation } from "./get-operation.ts";
import { readHealth } from "./health.ts";
import { change, create } from "./lifecycle.ts";
import { listOperations } from "./list-operations.ts";
import { readOperation } from "./submit.ts";
import { throughDatabaseAlone } from "./through-database.ts";

const migrations = fileURLToPath(new URL("../../prisma/migrations", import.meta.url));
const container = exampleContainer();
const at = "2026-01-01T00:00:00.000Z";

let postgres: TestPostgres;
let owner: Store;
let web: TestWeb;
/** Operations that came over worker.sock. */
let direct: Operation[];
let workerIsAway = false;

beforeAll(async () => {
  postgres = await startTestPostgres();
  await postgres.query("CREATE ROLE minirun_web LOGIN");
  const database = await postgres.createDatabase("web");
  await migrate(database, migrations);
  owner = openStore(database);
  await registerNode(owner.pool, { id: "test", hostname: "h", kernel: "6.18", cgroupVersion: 1, version: "0" });
  await project(container, 1, null);
  direct = [];
  web = await startTestWeb({
    databaseUrl: `postgresql://minirun_web@/web?host=${encodeURIComponent(postgres.socketDir)}`,
    call(request, body, response) {
      if (request.url?.startsWith("/containers/nobody")) {
        return answerJson(response, problem("container-not-found", "No such container", "nobody"), 404);
      }
      if (workerIsAway) return response.destroy();
      if (request.method === "GET") return answerJson(response, container);
      const operation = Operation.parse(body);
      direct.push(operation);
      answerJson(response, succeeded(operation));
    },
  });
}, 60_000);
afterAll(async () => {
  await web?.close();
  await owner?.close();
  await postgres?.stop();
});

function succeeded({ arguments: _, ...operation }: Operation): OperationResult {
  return OperationResult.parse({
    ...operation,
    startedAt: at,
    finishedAt: at,
    state: "succeeded",
    problem: null,
    container,
  });
}

/** Writes a change down as the worker does. */
async function project(value: Container, revision: number, operation: Operation | null): Promise<void> {
  await projectOutboxEntry(owner.pool, {
    version: 1,
    node: "test",
    operation: operation && { result: succeeded(operation), arguments: operation.arguments, trace: null },
    event: { id: randomUUID(), action: "created", at },
    container: { revision, value, deletedAt: null, idRange: null },
  });
}

/** The operation that waits for the worker, as soon as there is one. */
async function queued(): Promise<Operation> {
  const rows = () => owner.prisma.operation.findMany({ where: { state: "queued" } });
  await expect.poll(async () => (await rows()).length).toBe(1);
  const [row] = await rows();
  const common = { id: row?.id, containerId: row?.containerId, principal: row?.principal, generation: row?.generation };
  return Operation.parse({ ...common, verb: row?.verb, arguments: row?.arguments, requestedAt: at });
}

function call(headers: Record<string, string> = {}) {
  const request = new Request("http://localhost/", { method: "POST", headers });
  return { context: web.context, principal: operator, request };
}

function start(headers: Record<string, string> = {}) {
  return change(call(headers), container.name, { verb: "start", arguments: {} });
}

describe("with a database", () => {
  it("writes an operation down, hands it to the worker, and answers with its result", async () => {
    const response = await start();
    const operation = await queued();
    expect(response.status).toBe(200);
    expect(direct).toMatchObject([{ id: operation.id, generation: operation.generation }]);
    expect((await readOperation(web.context, operation.id)).state).toBe("succeeded");
    await project(container, 2, operation);
  });

  it("leaves an operation to its job when the worker is away, and answers when the result is written down", async () => {
    workerIsAway = true;
    const answer = start();
    const operation = await queued();
    const running = exampleContainer({ state: "running", pid: 42, startedAt: at });
    await project(running, 3, operation);
    expect((await answer).status).toBe(200);
    expect((await findContainer(web.context, container.name)).state).toBe("running");
  });

  it("answers one who will not wait with the queued operation, and the same key with the same one", async () => {
    const headers = { prefer: "respond-async", "idempotency-key": "k" };
    const [first, second] = [await (await start(headers)).json(), await (await start(headers)).json()];
    expect(first.state).toBe("queued");
    expect(second.id).toBe(first.id);
    await project(container, 4, await queued());
    workerIsAway = false;
    direct.length = 0;
    expect((await (await start(headers)).json()).state).toBe("succeeded");
    expect(direct).toEqual([]);
  });

  it("gives the name of a deleted container anew before the database has heard of the deletion", async () => {
    const { containers } = web.context.events;
    const spec = ContainerSpec.parse({ name: container.name, command: ["/bin/true"] });
    await expect(create(call(), spec)).rejects.toMatchObject({ problem: { code: "name-taken" } });
    containers.hear({ type: "snapshot", containers: [container] });
    await expect(create(call(), spec)).rejects.toMatchObject({ problem: { code: "name-taken" } });
    containers.hear({ type: "snapshot", containers: [] });
    direct = [];
    expect((await create(call(), spec)).status).toBe(201);
    expect(direct).toMatchObject([{ verb: "create", arguments: { name: container.name } }]);
    containers.lose();
  });

  it("asks for one verb on many containers, each by an operation of its own", async () => {
    const asked = BulkAction.parse({ verb: "stop", containers: [container.name, "nobody", container.name] });
    const { items } = await bulkAction(web.context, operator, asked);
    expect(items).toMatchObject([
      { container: container.name, operation: { verb: "stop", state: "queued", containerName: container.name } },
      { container: "nobody", operation: null, problem: { code: "container-not-found" } },
    ]);
    const operation = await queued();
    const tasks = await owner.pool.query("SELECT task_identifier AS task FROM graphile_worker.jobs WHERE key = $1", [
      operation.id,
    ]);
    expect(tasks.rows).toEqual([{ task: "bulk:test" }]);
    const open = await listOperations(web.context, ListOperations.parse({ state: "queued" }));
    expect(open.items).toMatchObject([{ id: operation.id, containerName: container.name, state: "queued" }]);
    await project(container, 5, operation);
    expect(await getOperation(web.context, operation.id, 1)).toMatchObject({ state: "succeeded" });
  });

  it("lists operations in pages, newest first, by container and verb", async () => {
    const all = await listOperations(web.context, ListOperations.parse({}));
    const first = await listOperations(web.context, ListOperations.parse({ limit: 2 }));
    const second = await listOperations(web.context, ListOperations.parse({ limit: 2, cursor: first.next }));
    expect([...first.items, ...second.items]).toEqual(all.items.slice(0, 4));
    const stops = ListOperations.parse({ container: container.name, verb: "stop" });
    expect((await listOperations(web.context, stops)).items).toHaveLength(1);
    const nobodys = ListOperations.parse({ container: "nobody" });
    expect(await listOperations(web.context, nobodys)).toEqual({ items: [], next: null });
  });

  it("does not know what neither the database nor the worker knows", async () => {
    await expect(findContainer(web.context, "nobody")).rejects.toMatchObject({
      problem: { code: "container-not-found" },
    });
  });

  it("waits for what is slow and stands nowhere else, while the database answers", async () => {
    const slow = () => web.context.store.pool.query("SELECT pg_sleep(1.3), 7 AS seven");
    const away = () => fail("database-unavailable", "The database is away", "it does not answer");
    expect((await throughDatabaseAlone(web.context, slow, away)).rows).toMatchObject([{ seven: 7 }]);
    expect(web.context.database.available).toBe(true);
    web.context.database.failed();
    expect((await throughDatabaseAlone(web.context, slow, away)).rows).toMatchObject([{ seven: 7 }]);
  });

  it("turns to the worker, with the same operation, when the database goes away while it waits", async () => {
    direct = [];
    workerIsAway = true;
    const answer = start();
    const operation = await queued();
    workerIsAway = false;
    await postgres.crash();
    expect((await answer).status).toBe(200);
    expect(direct.map(({ id }) => id)).toEqual([operation.id]);
  });

  it("goes on without the database, and says so", async () => {
    const began = Date.now();
    expect((await start()).status).toBe(200);
    expect(Date.now() - began).toBeLessThan(3_000);
    const health = await readHealth(web.context);
    expect(health).toMatchObject({ status: "degraded", database: { status: "unavailable" } });
  });

  it("returns to it by itself", async () => {
    await postgres.start();
    await expect
      .poll(() => readHealth(web.context), { timeout: 10_000 })
      .toMatchObject({
        database: { status: "connected", since: null },
      });
  });
});
