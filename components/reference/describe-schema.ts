import { refName, type Schema } from "./read-document.ts";

/** A piece of a type in words; one with `ref` leads to that schema. */
export interface TypePart {
  text: string;
  ref?: string;
}

/** A schema's type in a line: `string or null`, `array of Container`, `running, paused or exited`. */
export function describeType(schema: Schema): TypePart[] {
  if (schema.$ref !== undefined) return [{ text: refName(schema.$ref), ref: refName(schema.$ref) }];
  const either = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (either) return joined(either.map(describeType), " or ");
  if (schema.const !== undefined) return [{ text: JSON.stringify(schema.const) }];
  if (schema.enum) return [{ text: schema.enum.map((value) => JSON.stringify(value)).join(" or ") }];
  if (schema.prefixItems) return [{ text: "[" }, ...joined(schema.prefixItems.map(describeType), ", "), { text: "]" }];
  if (schema.type === "array") return [{ text: "array of " }, ...describeType(schema.items ?? {})];
  if (schema.type === "object" && !schema.properties && typeof schema.additionalProperties === "object") {
    return [{ text: "object of " }, ...describeType(schema.additionalProperties)];
  }
  const type = [schema.type ?? "any"].flat().join(" or ");
  return [{ text: schema.format ? `${type}, ${schema.format}` : type }];
}

function joined(parts: readonly TypePart[][], separator: string): TypePart[] {
  return parts.flatMap((part, index) => (index === 0 ? part : [{ text: separator }, ...part]));
}

/** What a value must keep to, in words. */
export function describeBounds(schema: Schema): string[] {
  const { minimum, maximum, minLength, maxLength, minItems, maxItems, pattern, format } = schema;
  const safe = (value: number | undefined) => value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER;
  return [
    safe(minimum) && `at least ${minimum}`,
    safe(maximum) && `at most ${maximum}`,
    minLength !== undefined && `at least ${minLength} characters`,
    maxLength !== undefined && `at most ${maxLength} characters`,
    minItems !== undefined && `at least ${minItems}`,
    maxItems !== undefined && `at most ${maxItems}`,
    pattern !== undefined && format === undefined && `matches ${pattern}`,
    schema.default !== undefined && `${JSON.stringify(schema.default)} when left out`,
  ].filter((bound) => bound !== false);
}

/** The schemas to look into below a type's line: those of an object, or of what an array or a choice has in it. */
export function innerObjects(schema: Schema): Schema[] {
  if (schema.properties) return [schema];
  if (schema.items) return innerObjects(schema.items);
  const either = schema.anyOf ?? schema.oneOf ?? schema.allOf ?? [];
  return either.flatMap(innerObjects);
}

const deepest = 6;

/** A value that fits a schema: its example or default where it has one, else with what is required alone. */
export function exampleOf(schema: Schema, named: ReadonlyMap<string, Schema>, depth = 0): unknown {
  if (depth > deepest) return null;
  const again = (inner: Schema) => exampleOf(inner, named, depth + 1);
  if (schema.$ref !== undefined) return again(named.get(refName(schema.$ref)) ?? {});
  if (schema.examples?.length) return schema.examples[0];
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const either = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (either?.[0]) return again(either[0]);
  switch ([schema.type].flat()[0]) {
    case "object":
      return Object.fromEntries(
        Object.entries(schema.properties ?? {})
          .filter(([name]) => schema.required?.includes(name))
          .map(([name, inner]) => [name, again(inner)]),
      );
    case "array":
      return (schema.minItems ?? 0) > 0 && schema.items ? [again(schema.items)] : [];
    case "integer":
    case "number":
      return schema.minimum ?? 1;
    case "boolean":
      return false;
    case "null":
      return null;
    default:
      return "string";
  }
}
