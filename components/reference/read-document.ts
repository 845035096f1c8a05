/** A JSON schema, as far as the reference reads it. */
export interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  type?: string | string[];
  format?: string;
  pattern?: string;
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  examples?: unknown[];
  description?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  prefixItems?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
}

export interface Parameter {
  name: string;
  in: "path" | "query" | "header";
  required?: boolean;
  description?: string;
  schema?: Schema;
}

export interface Content {
  mediaType: string;
  schema: Schema | null;
  example: unknown;
}

export interface Answer {
  status: string;
  description: string;
  content: readonly Content[];
}

export interface Operation {
  id: string;
  method: string;
  path: string;
  tag: string;
  summary: string;
  description: string | null;
  parameters: readonly Parameter[];
  body: readonly Content[];
  answers: readonly Answer[];
  /** False where nobody needs to be signed in. */
  signIn: boolean;
}

export interface Reference {
  version: string;
  groups: readonly { tag: string; description: string | null; operations: readonly Operation[] }[];
  /** Schemas that have a name, by it. */
  schemas: ReadonlyMap<string, Schema>;
}

type Json = Record<string, unknown>;

const methods = ["get", "post", "put", "patch", "delete"];

/** What an OpenAPI 3.1 document says, in the order of its tags; operations without one go by the start of their path. */
export function readDocument(document: Json): Reference {
  const schemas = new Map<string, Schema>();
  collect(document, schemas);
  const operations = Object.entries((document.paths ?? {}) as Record<string, Json>).flatMap(([path, item]) =>
    methods.filter((method) => item[method]).map((method) => readOperation(path, method, item[method] as Json)),
  );
  const described = ((document.tags ?? []) as { name: string; description?: string }[]).map((tag) => tag);
  const tags = [...new Set([...described.map(({ name }) => name), ...operations.map(({ tag }) => tag)])];
  return {
    version: String((document.info as Json | undefined)?.version ?? ""),
    groups: tags
      .map((tag) => ({
        tag,
        description: described.find(({ name }) => name === tag)?.description ?? null,
        operations: operations.filter((operation) => operation.tag === tag),
      }))
      .filter((group) => group.operations.length > 0),
    schemas: new Map([...schemas].sort(([a], [b]) => a.localeCompare(b))),
  };
}

/** The name that a reference ends in. */
export function refName(ref: string): string {
  return ref.slice(ref.lastIndexOf("/") + 1);
}

function collect(node: unknown, schemas: Map<string, Schema>): void {
  if (node === null || typeof node !== "object") return;
  for (const [key, value] of Object.entries(node)) {
    if (key === "$defs" || key === "schemas") {
      for (const [name, schema] of Object.entries(value as Record<string, Schema>)) schemas.set(name, schema);
    }
    collect(value, schemas);
  }
}

function readOperation(path: string, method: string, operation: Json): Operation {
  const body = operation.requestBody as { content?: Record<string, Json> } | undefined;
  return {
    id: String(operation.operationId ?? `${method} ${path}`),
    method: method.toUpperCase(),
    path,
    tag: (operation.tags as string[] | undefined)?.[0] ?? firstPart(path),
    summary: String(operation.summary ?? ""),
    description: typeof operation.description === "string" ? operation.description : null,
    parameters: (operation.parameters ?? []) as Parameter[],
    body: readContent(body?.content),
    answers: Object.entries((operation.responses ?? {}) as Record<string, Json>).map(([status, answer]) => ({
      status,
      description: String(answer.description ?? ""),
      content: readContent(answer.content as Record<string, Json> | undefined),
    })),
    signIn: !(Array.isArray(operation.security) && operation.security.length === 0),
  };
}

function readContent(content: Record<string, Json> = {}): Content[] {
  return Object.entries(content).map(([mediaType, { schema, example, examples }]) => ({
    mediaType,
    schema: (schema as Schema | undefined) ?? null,
    example: example ?? Object.values((examples ?? {}) as Record<string, { value?: unknown }>)[0]?.value,
  }));
}

function firstPart(path: string): string {
  const part = path.split("/")[1] ?? "";
  return part.slice(0, 1).toUpperCase() + part.slice(1);
}
