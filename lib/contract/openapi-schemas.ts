import * as z from "zod";

export type Json = Record<string, unknown>;

/** The schemas of a document that have a name, and how others refer to them. */
export interface SchemaBook {
  /** What is answered, as JSON Schema; all answers come before the first request. */
  answer(schema: z.ZodType): Json;
  /** What is sent. It may leave out what has a default: where that matters, its name has `Input` behind it. */
  request(schema: z.ZodType): Json;
  /** Everything that has a name, in alphabetical order. */
  all(): Json;
}

export function createSchemaBook(): SchemaBook {
  const answers = new Map<string, Json>();
  const book = new Map<string, Json>();

  const enter = (schema: z.ZodType, io: "input" | "output", rename: (defs: Defs) => (id: string) => string): Json => {
    const { root, defs } = toJsonSchema(schema, io);
    const nameOf = rename(defs);
    for (const [id, definition] of Object.entries(defs)) {
      if (io === "output") answers.set(id, definition);
      book.set(nameOf(id), pointTo(definition, nameOf));
    }
    return pointTo(root, nameOf);
  };

  return {
    answer: (schema) => enter(schema, "output", () => (id) => id),
    request: (schema) => enter(schema, "input", (defs) => inputNames(defs, answers)),
    all: () => Object.fromEntries([...book].sort(([one], [other]) => one.localeCompare(other))),
  };
}

type Defs = Record<string, Json>;

function toJsonSchema(schema: z.ZodType, io: "input" | "output"): { root: Json; defs: Defs } {
  // In an object, a schema that has a name is referred to like any other.
  const whole = z.toJSONSchema(z.object({ root: schema }), { io, unrepresentable: "any" });
  return { root: whole.properties?.root as Json, defs: (whole.$defs ?? {}) as Defs };
}

/** Names of what is sent: another one for each that differs from the answer of its name, itself or in what it refers to. */
function inputNames(defs: Defs, answers: ReadonlyMap<string, Json>): (id: string) => string {
  const differs = new Set<string>();
  for (let before = -1; before < differs.size; ) {
    before = differs.size;
    for (const [id, definition] of Object.entries(defs)) {
      const answer = answers.get(id);
      const text = JSON.stringify(definition);
      const refers = [...differs].some((other) => text.includes(`"#/$defs/${other}"`));
      if (answer && (refers || text !== JSON.stringify(answer))) differs.add(id);
    }
  }
  return (id) => (differs.has(id) ? `${id}Input` : id);
}

/** The same schema with its references into the document's components. */
function pointTo(schema: Json, nameOf: (id: string) => string): Json {
  return JSON.parse(JSON.stringify(schema), (key, value) =>
    key === "$ref" && typeof value === "string"
      ? value.replace(/^#\/\$defs\/(.+)$/, (_, id: string) => `#/components/schemas/${nameOf(id)}`)
      : value,
  );
}
