import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { Context } from "../context.ts";
import { creation, makeTestWorker, operation, startContainer, type TestWorker } from "../testing/test-worker.ts";
import { execute } from "./execute.ts";

const MiB = 1024 * 1024;

let worker: TestWorker;
beforeAll(async () => {
  worker = await makeTestWorker();
}, 60_000);
afterEach(() => worker.clear());
afterAll(() => worker?.remove());

const update = (context: Context, id: string, change: object, ifRevision?: number) =>
  execute(context, operation("update", id, { change, ...(ifRevision !== undefined && { ifRevision }) }));
const statsOf = (context: Context, id: string) => context.addon.cgroupStats(`/${context.config.cgroup}/${id}`);

it("changes limits of a container that runs, up and down, all or none", async () => {
  const context = await worker.restart();
  const id = await startContainer(context);
  const raised = await update(context, id, { limits: { memoryBytes: 256 * MiB, cpus: 2, pids: 77 } });
  expect(raised).toMatchObject({ problem: null, container: { limits: { memoryBytes: 256 * MiB, cpus: 2, pids: 77 } } });
  expect(statsOf(context, id)).toMatchObject({ memory: { limit: 256 * MiB }, pids: { limit: 77 } });
  await update(context, id, { limits: { memoryBytes: 32 * MiB } });
  expect(statsOf(context, id)).toMatchObject({ memory: { limit: 32 * MiB }, pids: { limit: 77 } });
  const refused = await update(context, id, { limits: { memoryBytes: 8192, pids: 5 }, name: "other" });
  expect(refused.problem).toMatchObject({ code: "limit-too-small", errors: [{ path: "limits.memoryBytes" }] });
  expect(refused.container?.problem).toBeNull();
  expect(statsOf(context, id)).toMatchObject({ memory: { limit: 32 * MiB }, pids: { limit: 77 } });
  expect((await execute(context, creation(randomUUID(), "true", { name: "other" }))).problem).toBeNull();
});

it("renames a container that runs, which keeps its host name", async () => {
  const context = await worker.restart();
  const id = await startContainer(context);
  const before = context.records.get(id)?.spec.name ?? "";
  expect(await update(context, id, { name: "renamed" })).toMatchObject({
    problem: null,
    container: { name: "renamed", hostname: before },
  });
  expect(context.records.find(before)).toBeUndefined();
  expect(context.records.find("renamed")?.id).toBe(id);
  expect((await execute(context, creation(randomUUID(), "true", { name: before }))).problem).toBeNull();
  expect((await update(context, id, { name: before })).problem?.code).toBe("name-taken");
});

it("gives one that never ran the host name of its new name", async () => {
  const context = await worker.restart();
  const id = randomUUID();
  await execute(context, creation(id));
  await update(context, id, { name: "fresh" });
  const hostname = await readFile(join(context.records.folder(id), "upper/etc/hostname"), "utf8");
  expect(hostname).toBe("fresh\n");
});

it("changes everything else only while it does not run", async () => {
  const context = await worker.restart();
  const id = await startContainer(context);
  const change = { env: { A: "1" }, labels: { team: "blue" }, restart: "always" };
  expect((await update(context, id, change)).problem).toMatchObject({
    code: "container-running",
    errors: [{ path: "env" }],
  });
  expect(context.records.get(id)?.spec.labels).toEqual({});
  expect((await update(context, id, { labels: change.labels, env: {} })).container?.labels).toEqual(change.labels);
  await execute(context, operation("stop", id, { timeoutSeconds: 5 }));
  expect((await update(context, id, change)).container).toMatchObject(change);
  expect((await update(context, id, { autoRemove: true })).problem?.code).toBe("validation-failed");
  expect((await update(context, id, { user: "nobody-knows" })).problem?.code).toBe("user-not-found");
});

it("refuses a change of what has changed meanwhile, and says what it is now", async () => {
  const context = await worker.restart();
  const id = await startContainer(context);
  const revision = context.records.get(id)?.revision ?? 0;
  expect((await update(context, id, { labels: { a: "1" } }, revision)).problem).toBeNull();
  const late = await update(context, id, { labels: { a: "2" } }, revision);
  expect(late.problem).toMatchObject({
    code: "changed-meanwhile",
    details: { revision: revision + 1, state: "running" },
  });
  expect(late.container?.labels).toEqual({ a: "1" });
});
