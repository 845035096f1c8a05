import { describe, expect, it } from "vitest";
import { openApiDocument } from "./openapi.ts";
import { routes } from "./routes.ts";

describe("openApiDocument", () => {
  const document = openApiDocument("1.2.3");

  it("describes every route with an id of its own", () => {
    const items = Object.values(document.paths as Record<string, Record<string, { operationId: string }>>);
    const ids = items.flatMap((item) => Object.values(item).map((operation) => operation.operationId));
    expect(ids.sort()).toEqual(Object.keys(routes).sort());
  });

  it("survives JSON and says which version it is", () => {
    expect(JSON.parse(JSON.stringify(document))).toMatchObject({ openapi: "3.1.0", info: { version: "1.2.3" } });
  });
});
