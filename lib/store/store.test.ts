import { randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Container, ContainerSpec } from "../contract/container.ts";
import { type Operation, OperationResult } from "../contract/operation.ts";
import type { DatabaseConfig } from "./database-config.ts";
import { findContainer } from "./find-container.ts";
import { listContainers } from "./list-containers.ts";
import { migrate } from "./migrate.ts";
import type { OutboxEntry } from "./outbox-entry.ts";
import { projectOutboxEntry } from "./project-outbox.ts";
import { readOperation } from "./read-operation.ts";
import { forgetContainers, registerNode } from "./register-node.ts";
import { openStore, type Store } from "./store.ts";
import { submitOperation } from "./submit-operation.ts";
import { startTestPostgres, type TestPostgres } from "./testing/postgres.ts";
import { isDatabaseUnavailable } from "./unavailable.ts";
import { createOperationWaiter } from "./wait-for-operation.ts";

const migrations = fileURLToPath(new URL("../../prisma/migrations", import.meta.url));
const node = "node-1";
const now = "2026-01-01T00:00:00.000Z";

let postgres: TestPostgres;
let database: DatabaseConfig;
let owner: Store;
let web: Store;

beforeAll(async () => {
  postgres = await startTestPostgres();
  await postgres.query("CREATE ROLE minirun_web LOGIN");
  const made = await postgres.createDatabase("template");
  await migrate(made, migrations);
}, 30_000);

afterAll(() => postgres?.stop());

let count = 0;
beforeEach(async () => {
  count += 1;
  const name = `test_${count}`;
  await postgres.query(`CREATE DATABASE ${name} TEMPLATE template`);
  database = { socketDir: postgres.socketDir, user: "postgres", database: name };
  owner = openStore(database);
  web = openStore({ ...database, user: "minirun_web" });
  await registerNode(owner.pool, { id: node, hostname: "h", kernel: "6.18", cgroupVersion: 1, version: "0.1.0" });
  return async () => {
    await owner.close();
    await web.close();
  };
});

function container(name: string, changes: Partial<Container> = {}): Container {
  const spec = ContainerSpec.parse({ name, command: ["/bin/sh", "-c", "echo hello"] });
  return {
    ...spec,
    id: randomUUID(),
    node,
    idRange: null,
    hostname: name,
    state: "created",
    generation: 1,
    revision: 1,
    restartCount: 0,
    nextStartAt: null,
    pid: null,
    exitCode: null,
    signal: null,
    reason: null,
    oomKills: 0,
    createdAt: now,
    startedAt: null,
    finishedAt: null,
    missing: [],
    problem: null,
    ...changes,
  };
}

function entry(value: Container, revision: number, changes: Partial<OutboxEntry> = {}): OutboxEntry {
  return {
    version: 1,
    node,
    operation: null,
    event: { id: randomUUID(), action: "created", at: now },
    container: { revision, value, deletedAt: null, idRange: value.idRange },
    ...changes,
  };
}

function start(value: Container): Operation {
  const id = randomUUID();
  return {
    id,
    verb: "start",
    containerId: value.id,
    principal: "operator",
    generation: null,
    requestedAt: now,
    arguments: {},
  };
}

function finished(operation: Operation, value: Container): OutboxEntry["operation"] {
  const { arguments: given, ...rest } = operation;
  const result = OperationResult.parse({
    ...rest,
    startedAt: now,
    finishedAt: now,
    state: "succeeded",
    problem: null,
    container: value,
  });
  return { result, arguments: given, trace: null };
}

const seed = async (...values: Container[]) => {
  for (const value of values) await projectOutboxEntry(owner.pool, entry(value, 1));
};

/** Every migration of the folder, oldest first. */
function migrationNames(): string[] {
  const entries = readdirSync(migrations, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

describe("migrate", () => {
  it("applies everything to an empty database, and nothing the second time", async () => {
    const empty = await postgres.createDatabase("empty");
    const names = migrationNames();
    expect(await migrate(empty, migrations)).toEqual({ applied: names, changed: [] });
    expect(await migrate(empty, migrations)).toEqual({ applied: [], changed: [] });
  });

  it("lets two migrate at once", async () => {
    const empty = await postgres.createDatabase("twice");
    const both = await Promise.all([migrate(empty, migrations), migrate(empty, migrations)]);
    expect(both.flatMap((one) => one.applied)).toEqual(migrationNames());
  });
});

describe("submitOperation, as the web role", () => {
  it("numbers requests, writes them down and makes the job", async () => {
    const web1 = container("web-1");
    await seed(web1);
    const first = await submitOperation(web, node, start(web1));
    const second = await submitOperation(web, node, start(web1));
    expect([first.generation, second.generation]).toEqual([2, 3]);
    expect((await readOperation(web, first.id))?.state).toBe("queued");
    const jobs = await owner.pool.query("SELECT task_identifier, key FROM graphile_worker.jobs ORDER BY id");
    expect(jobs.rows).toEqual([first, second].map(({ id }) => ({ task_identifier: "operation:node-1", key: id })));
  });

  it("answers the first request again, and refuses another one with its id", async () => {
    const web1 = container("web-1");
    await seed(web1);
    const operation = start(web1);
    const first = await submitOperation(web, node, operation, "key");
    expect(await submitOperation(web, node, operation, "key")).toEqual(first);
    const other: Operation = { ...operation, verb: "stop", arguments: { timeoutSeconds: 1 } };
    await expect(submitOperation(web, node, other, "key")).rejects.toMatchObject({ problem: { code: "key-reused" } });
  });

  it("says that a name is taken and that a container is not there", async () => {
    await seed(container("web-1"));
    const create: Operation = {
      ...start(container("web-1")),
      verb: "create",
      arguments: ContainerSpec.parse({ name: "web-1", command: ["sh"] }),
    };
    await expect(submitOperation(web, node, create)).rejects.toMatchObject({ problem: { code: "name-taken" } });
    const gone = submitOperation(web, node, start(container("gone")));
    await expect(gone).rejects.toMatchObject({ problem: { code: "container-not-found" } });
    expect(await owner.prisma.operation.count()).toBe(0);
  });

  it("may change nothing else", async () => {
    for (const sql of [
      "DELETE FROM containers",
      "UPDATE operations SET state = 'succeeded'",
      "INSERT INTO principals VALUES ('x', 'x', 'administrator')",
      "SELECT graphile_worker.add_job('operation:node-1')",
      "CREATE TABLE mine (id int)",
    ]) {
      await expect(web.pool.query(sql), sql).rejects.toMatchObject({ code: "42501" });
    }
  });

  it("calls a node that has not registered unavailable, not wrong", async () => {
    const error = await submitOperation(web, "elsewhere", start(container("x"))).catch((thrown: unknown) => thrown);
    expect(isDatabaseUnavailable(error)).toBe(true);
  });
});

describe("projectOutboxEntry", () => {
  it("applies an entry once, however often it comes", async () => {
    const web1 = container("web-1");
    const created = entry(web1, 1);
    const running = entry({ ...web1, state: "running", generation: 2, pid: 42 }, 2);
    for (const one of [created, running, running, created]) await projectOutboxEntry(owner.pool, one);
    expect(await findContainer(web, "web-1")).toMatchObject({ state: "running", pid: 42 });
    expect(await owner.prisma.event.count()).toBe(2);
  });

  it("keeps the first result of an operation", async () => {
    const web1 = container("web-1");
    await seed(web1);
    const operation = await submitOperation(web, node, start(web1));
    const done = finished(operation, web1);
    await projectOutboxEntry(owner.pool, entry(web1, 2, { operation: done }));
    const failed = done && { ...done, result: { ...done.result, state: "failed" as const } };
    await projectOutboxEntry(owner.pool, entry(web1, 3, { operation: failed, event: null }));
    expect(await readOperation(web, operation.id)).toMatchObject({ state: "succeeded", generation: 2 });
  });

  it("never lowers the generation that was asked for", async () => {
    const web1 = container("web-1");
    await seed(web1);
    await submitOperation(web, node, start(web1));
    await projectOutboxEntry(owner.pool, entry(web1, 2));
    expect((await findContainer(web, "web-1"))?.generation).toBe(2);
  });

  it("frees the name of a deleted container and of one that its node has forgotten", async () => {
    const first = container("web-1");
    await seed(first);
    await projectOutboxEntry(owner.pool, entry(container("web-1"), 1));
    expect((await owner.prisma.container.findUnique({ where: { id: first.id } }))?.deletedAt).not.toBeNull();
    await forgetContainers(owner.pool, node, []);
    expect(await findContainer(web, "web-1")).toBeNull();
  });
});

describe("listContainers", () => {
  it("answers a node's containers that are not deleted", async () => {
    const names = async () => (await listContainers(web, node)).map(({ name }) => name).sort();
    const [a, b] = [container("a"), container("b", { state: "exited" })];
    await seed(a, b);
    expect(await names()).toEqual(["a", "b"]);
    expect(await listContainers(web, "another")).toEqual([]);
    await forgetContainers(owner.pool, node, [b.id]);
    expect(await names()).toEqual(["b"]);
  });
});

describe("the waiter", () => {
  it("answers with the commit of the result, at once for an old one, and as it stands after the time", async () => {
    const web1 = container("web-1");
    await seed(web1);
    const waiter = createOperationWaiter(web);
    const operation = await submitOperation(web, node, start(web1));
    expect((await waiter.wait(operation.id, 10)).state).toBe("queued");
    const waiting = waiter.wait(operation.id, 5000);
    await projectOutboxEntry(owner.pool, entry(web1, 2, { operation: finished(operation, web1) }));
    expect((await waiting).state).toBe("succeeded");
    expect((await waiter.wait(operation.id, 5000)).container).toMatchObject({ name: "web-1" });
    await waiter.close();
  });

  it("rejects when the database goes away, and works again when it is back", async () => {
    const web1 = container("web-1");
    await seed(web1);
    const waiter = createOperationWaiter(web);
    const operation = await submitOperation(web, node, start(web1));
    const waiting = waiter.wait(operation.id, 20_000).catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await postgres.crash();
    expect(isDatabaseUnavailable(await waiting)).toBe(true);
    const away = await findContainer(web, "web-1").catch((error: unknown) => error);
    expect(isDatabaseUnavailable(away)).toBe(true);
    await postgres.start();
    expect((await waiter.wait(operation.id, 10)).state).toBe("queued");
    await waiter.close();
  });
});

describe("isDatabaseUnavailable", () => {
  it("knows absence from refusal", async () => {
    const nowhere = openStore({ socketDir: "/nonexistent", user: "x", database: "x" });
    const noDatabase = openStore({ ...database, database: "none" });
    const unmigrated = openStore(await postgres.createDatabase(`bare_${count}`));
    for (const store of [nowhere, noDatabase, unmigrated]) {
      const raw = await store.pool.query("SELECT * FROM containers").catch((error: unknown) => error);
      const prisma = await findContainer(store, "x").catch((error: unknown) => error);
      expect([isDatabaseUnavailable(raw), isDatabaseUnavailable(prisma)]).toEqual([true, true]);
      await store.close();
    }
    const wrong = await owner.pool.query("SELECT 1 / 0").catch((error: unknown) => error);
    expect(wrong).toBeInstanceOf(pg.DatabaseError);
    expect(isDatabaseUnavailable(wrong)).toBe(false);
  });
});
