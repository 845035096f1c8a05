import { describe, expect, it } from "vitest";
import { CreateContainer } from "@/lib/contract/container.ts";
import { openApiDocument } from "@/lib/contract/openapi.ts";
import { routes } from "@/lib/contract/routes.ts";
import { describeBounds, describeType, exampleOf } from "./describe-schema.ts";
import { readDocument } from "./read-document.ts";

const reference = readDocument(openApiDocument("1.2.3"));
const operations = reference.groups.flatMap((group) => group.operations);
const text = (...schema: Parameters<typeof describeType>) =>
  describeType(...schema)
    .map((part) => part.text)
    .join("");

describe("the reference of our own document", () => {
  it("has every call once, in groups with a name", () => {
    expect(operations.map(({ id }) => id).sort()).toEqual(expect.arrayContaining(Object.keys(routes).sort()));
    expect(new Set(operations.map(({ id }) => id)).size).toBe(operations.length);
    expect(reference.groups.every(({ tag }) => tag !== "")).toBe(true);
    expect(reference.version).toBe("1.2.3");
  });

  it("finds every schema that is referred to", () => {
    const refs = [...JSON.stringify(openApiDocument("1")).matchAll(/"\$ref":"[^"]*\/(\w+)"/g)].map(([, name]) => name);
    expect(refs.filter((name) => name && !reference.schemas.has(name))).toEqual([]);
  });

  it("makes an example of a body that the server would take", () => {
    const create = operations.find(({ id }) => id === "createContainer");
    const { schema, example } = create?.body[0] ?? {};
    const value = example ?? exampleOf(schema ?? {}, reference.schemas);
    expect(CreateContainer.safeParse(value).success).toBe(true);
  });
});

describe("describeType", () => {
  it("says what a value may be", () => {
    expect(text({ type: "array", items: { $ref: "#/components/schemas/Container" } })).toBe("array of Container");
    expect(text({ anyOf: [{ type: "string", format: "date-time" }, { type: "null" }] })).toBe(
      "string, date-time or null",
    );
    expect(text({ enum: ["a", "b"] })).toBe('"a" or "b"');
    expect(text({ type: "object", additionalProperties: { type: "string" } })).toBe("object of string");
  });
});

it("says the bounds that mean something", () => {
  expect(describeBounds({ type: "integer", minimum: 1, maximum: Number.MAX_SAFE_INTEGER, default: 5 })).toEqual([
    "at least 1",
    "5 when left out",
  ]);
});

it("does not run for ever in a schema that contains itself", () => {
  const tree = { type: "object", required: ["child"], properties: { child: { $ref: "#/$defs/Tree" } } };
  expect(exampleOf(tree, new Map([["Tree", tree]]))).toBeTruthy();
});
