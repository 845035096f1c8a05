import type { RequestListener } from "node:http";
import { afterEach, expect, it } from "vitest";
import { Container } from "../contract/container.ts";
import { problem } from "../contract/problem.ts";
import { createClient } from "./api.ts";
import { type AnsweringServer, answerInTurn, json } from "./testing/answer-in-turn.ts";

const at = "2026-01-01T00:00:00.000Z";
const container = Container.parse({
  ...{ id: "3f0d7a55-7a40-4c57-9d0e-2f6f2ba6a9f1", name: "web", node: "test", image: "host", command: ["sh"], env: {} },
  ...{ workingDir: "/", hostname: "web", tty: false, network: "loopback", restart: "no", state: "running" },
  ...{ limits: { memoryBytes: 67_108_864, cpus: 0.5, pids: 64 }, generation: 1, pid: 7, exitCode: null, signal: null },
  ...{ reason: null, oomKills: 0, createdAt: at, startedAt: at, finishedAt: null, missing: [], problem: null },
});
const running = {
  ...{ id: "5b9f6f0e-1f0b-4a4e-8f6d-0c6ad0a3c1de", containerId: container.id, verb: "start", principal: "operator" },
  ...{ generation: 1, state: "running", requestedAt: at, startedAt: at, finishedAt: null, problem: null },
  container: null,
};
const succeeded = { ...running, state: "succeeded", finishedAt: at };
const params = { name: "web" };
let server: AnsweringServer;

afterEach(() => server.close());

async function clientOf(...answers: RequestListener[]) {
  server = await answerInTurn(...answers);
  return createClient({ baseUrl: server.url, token: "t" });
}

it("waits for an operation that takes longer than the server does, and answers its container", async () => {
  const client = await clientOf(json(202, running), json(200, running), json(200, { ...succeeded, container }));
  expect(await client.call("startContainer", { params })).toEqual(container);
  const path = `/api/v1/operations/${running.id}?waitSeconds=30`;
  expect(server.requests.map(({ url }) => url)).toEqual(["/api/v1/containers/web/start", path, path]);
  expect(server.requests[2]?.headers.authorization).toBe("Bearer t");
});

it("does not take a deletion for done before it is", async () => {
  const deletion = { ...running, verb: "delete" };
  const client = await clientOf(json(202, deletion), json(200, { ...succeeded, verb: "delete" }));
  expect(await client.call("deleteContainer", { params })).toBeUndefined();
  expect(server.requests).toHaveLength(2);
});

it("throws what an operation came to in the end", async () => {
  const full = problem("container-running", "The container is running", "web is running and can't be deleted.");
  const client = await clientOf(json(202, running), json(200, { ...succeeded, state: "failed", problem: full }));
  await expect(client.call("deleteContainer", { params })).rejects.toMatchObject({
    problem: { code: "container-running", operationId: running.id, containerId: container.id },
  });
});

it("stops waiting for an operation when its caller does", async () => {
  const abort = new AbortController();
  const client = await clientOf(json(202, running), () => abort.abort());
  await expect(client.call("startContainer", { params, signal: abort.signal })).rejects.toThrow("aborted");
});

it("leaves alone a call that answers 202 by its contract", async () => {
  const client = await clientOf(json(202, { items: [{ container: "web", operation: null, problem: null }] }));
  const { items } = await client.call("bulkAction", { body: { verb: "start", containers: ["web"] } });
  expect(items).toHaveLength(1);
});
