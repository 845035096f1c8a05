import { describe, expect, it } from "vitest";
import { openApiDocument } from "./openapi.ts";
import { callTexts } from "./openapi-texts.ts";
import { type Route, routes } from "./routes.ts";

interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  schema: Record<string, unknown>;
}
interface Operation {
  operationId: string;
  tags: string[];
  parameters: Parameter[];
  requestBody?: { required: boolean; content: Record<string, { schema: object }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: object }>; headers?: object }>;
}

const document = openApiDocument("1.2.3");
const operations = new Map(
  Object.values(document.paths as Record<string, Record<string, Operation>>)
    .flatMap((item) => Object.values(item))
    .map((operation) => [operation.operationId, operation]),
);
const called = (name: string) => {
  const operation = operations.get(name);
  if (!operation) throw new Error(`no operation ${name}`);
  return operation;
};

describe("openApiDocument", () => {
  it("describes every route with an id of its own, in a group", () => {
    expect([...operations.keys()].sort()).toEqual(Object.keys(routes).sort());
    const groups = (document.tags as { name: string }[]).map(({ name }) => name);
    for (const { tags } of operations.values()) expect(groups).toContain(tags[0]);
  });

  it("survives JSON and says which version it is", () => {
    expect(JSON.parse(JSON.stringify(document))).toMatchObject({ openapi: "3.1.0", info: { version: "1.2.3" } });
  });

  it("refers to nothing that is not there", () => {
    const text = JSON.stringify(document);
    const { schemas } = document.components as { schemas: Record<string, unknown> };
    const refs = [...text.matchAll(/"\$ref":"([^"]*)"/g)].map(([, ref = ""]) => ref);
    expect(refs.length).toBeGreaterThan(50);
    expect(refs.filter((ref) => !(ref.replace("#/components/schemas/", "") in schemas))).toEqual([]);
    expect(text).not.toContain("$defs");
  });

  it("keeps apart what is sent and what is answered under one name", () => {
    const { schemas } = document.components as { schemas: Record<string, { required?: string[] }> };
    expect(schemas.Limits?.required).toEqual(["memoryBytes", "cpus", "pids"]);
    expect(schemas.LimitsInput?.required).toBeUndefined();
    expect(JSON.stringify(schemas.CreateContainer)).toContain("#/components/schemas/LimitsInput");
  });

  it("has an answer for every status and every form", () => {
    const lifecycle = Object.entries<Route>(routes).filter(([, route]) => route.operation);
    for (const [name] of lifecycle) {
      expect(called(name).responses[202]?.content?.["application/json"]).toBeDefined();
      expect(called(name).parameters.map((parameter) => parameter.name)).toEqual(
        expect.arrayContaining(["Prefer", "Idempotency-Key"]),
      );
    }
    const logs = called("readLogs");
    expect(Object.keys(logs.responses[200]?.content ?? {})).toEqual([
      "text/plain",
      "application/x-ndjson",
      "text/event-stream",
    ]);
    expect(called("writeArchive").requestBody?.content).toHaveProperty(["application/x-tar"]);
    expect(called("listContainers").responses).toHaveProperty("304");
    for (const name of ["createContainer", "getContainer", "startContainer", "updateContainer", "readFile"]) {
      const answered = Object.entries(called(name).responses).find(([status]) => status === "200" || status === "201");
      expect(answered?.[1].headers, name).toHaveProperty("ETag");
    }
    expect(called("deleteContainer").responses[204]?.headers).not.toHaveProperty("ETag");
    expect(called("health").responses).not.toHaveProperty("401");
  });

  it("says what is required", () => {
    const path = called("readFile").parameters.find(({ name }) => name === "path");
    expect([path?.in, path?.required]).toEqual(["query", true]);
    const limit = called("listContainers").parameters.find(({ name }) => name === "limit");
    expect([limit?.required, limit?.schema.default]).toEqual([undefined, 100]);
    expect(called("stopContainer").requestBody?.required).toBe(false);
    expect(called("signIn").requestBody?.required).toBe(true);
  });

  it("has examples that the server would take", () => {
    for (const [name, { example }] of Object.entries(callTexts)) {
      const { body } = routes[name as keyof typeof routes] as Route;
      if (example !== undefined) expect(body?.safeParse(example).error, name).toBeUndefined();
    }
  });
});
