import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operator } from "../../lib/contract/principal.ts";
import { problem } from "../../lib/contract/problem.ts";
import { exampleContainer } from "../testing/example-container.ts";
import { answerJson, startTestWeb, type TestWeb } from "../testing/fake-worker.ts";
import { change, create } from "./lifecycle.ts";

const container = exampleContainer();
const operations: { id: string; verb: string; containerId: string; arguments: { name?: string } }[] = [];
let refusal: ReturnType<typeof problem> | null = null;

let web: TestWeb;
beforeAll(async () => {
  web = await startTestWeb({
    call(request, body, response) {
      if (request.method === "GET") return answerJson(response, container);
      const operation = body as (typeof operations)[number];
      operations.push(operation);
      const at = "2026-01-01T00:00:00.000Z";
      answerJson(response, {
        ...{ id: operation.id, containerId: operation.containerId, verb: operation.verb, principal: "operator" },
        ...{ generation: 1, requestedAt: at, startedAt: at, finishedAt: at },
        ...{ state: refusal ? "failed" : "succeeded", problem: refusal, container },
      });
    },
  });
});
afterAll(() => web.close());

function call(headers: Record<string, string> = {}) {
  const request = new Request("http://localhost/", { method: "POST", headers });
  return { context: web.context, principal: operator, request };
}

const body = {
  command: ["/bin/true"],
  image: "host",
  env: {},
  workingDir: "/",
  tty: true,
  network: "loopback",
  userNamespace: "auto",
  user: "root",
  readOnly: false,
  autoRemove: false,
  labels: {},
} as const;
const limits = { memoryBytes: 4096, cpus: 1, pids: 1 };
const spec = { ...body, command: [...body.command], binds: [], limits, restart: "no" as const };

describe("without a database", () => {
  it("creates through the worker: 201, the container, and where it is", async () => {
    const response = await create(call(), { ...spec, name: "calm-otter" });
    expect(response.status).toBe(201);
    expect(response.headers.get("location")).toBe("/api/v1/containers/calm-otter");
    expect(await response.json()).toMatchObject({ name: "calm-otter" });
  });

  it("makes a name up, the same operation, container and name for the same key", async () => {
    operations.length = 0;
    await create(call({ "idempotency-key": "k" }), spec);
    await create(call({ "idempotency-key": "k" }), spec);
    await create(call({ "idempotency-key": "other" }), spec);
    const [first, second, third] = operations;
    expect(second).toMatchObject({ id: first?.id, containerId: first?.containerId, arguments: first?.arguments ?? {} });
    expect(first?.arguments.name).toMatch(/^[a-z]+-[a-z]+-\d{4}$/);
    expect(third?.id).not.toBe(first?.id);
  });

  it("answers 202 and the operation to those who will not wait", async () => {
    const response = await change(call({ prefer: "respond-async, wait=1" }), "calm-otter", {
      verb: "start",
      arguments: {},
    });
    expect(response.status).toBe(202);
    expect(response.headers.get("preference-applied")).toBe("respond-async");
    const operation = await response.json();
    expect(response.headers.get("location")).toBe(`/api/v1/operations/${operation.id}`);
  });

  it("answers 204 once deleted", async () => {
    expect((await change(call(), "calm-otter", { verb: "delete", arguments: { force: false } })).status).toBe(204);
  });

  it("throws why an operation failed, with what it was about", async () => {
    refusal = problem("command-not-found", "No such command", "/bin/nope");
    await expect(change(call(), "calm-otter", { verb: "start", arguments: {} })).rejects.toMatchObject({
      problem: { code: "command-not-found", containerId: container.id },
    });
    refusal = null;
  });

  it("refuses a key that is empty or too long", async () => {
    await expect(create(call({ "idempotency-key": "x".repeat(201) }), spec)).rejects.toThrow(/Idempotency-Key/);
  });
});
