import { Disclosure } from "../ui/disclosure.tsx";
import { Prose } from "../ui/prose.tsx";
import { describeBounds, describeType, innerObjects } from "./describe-schema.ts";
import type { Schema } from "./read-document.ts";

/** A schema's type in a line; names lead to the schema that they are those of. */
export function TypeLine({ schema }: { schema: Schema }) {
  return (
    <span className="break-words font-mono text-soft text-xs">
      {describeType(schema).map(({ text, ref }, index) =>
        ref === undefined ? (
          text
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a type never change their order
          <a key={index} href={`#schema-${ref}`} className="text-accent underline-offset-2 hover:underline">
            {text}
          </a>
        ),
      )}
    </span>
  );
}

/** The members of an object, those that are objects themselves to be opened. */
export function SchemaView({ schema }: { schema: Schema }) {
  const objects = innerObjects(schema);
  if (objects.length === 0) return <Note schema={schema} />;
  return objects.map((object, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a schema never changes its order
    <div key={index} className={index > 0 ? "mt-2 border-t pt-2" : undefined}>
      {index > 0 && <p className="text-faint text-xs">or</p>}
      <dl>
        {Object.entries(object.properties ?? {}).map(([name, member]) => (
          <Member key={name} name={name} schema={member} required={object.required?.includes(name) ?? false} />
        ))}
      </dl>
    </div>
  ));
}

function Member({ name, schema, required }: { name: string; schema: Schema; required: boolean }) {
  const inner = schema.$ref === undefined && innerObjects(schema).length > 0;
  return (
    <div className="border-b py-2 last:border-b-0">
      <dt className="flex flex-wrap items-baseline gap-x-2">
        <code className="font-medium font-mono text-ink text-xs">{name}</code>
        {inner ? <span className="font-mono text-soft text-xs">object</span> : <TypeLine schema={schema} />}
        {required && <span className="text-2xs text-warn">required</span>}
      </dt>
      <dd>
        <Note schema={schema} />
        {inner && (
          <Disclosure
            className="mt-1"
            summary={<summary className="cursor-pointer text-faint text-xs hover:text-ink">Members</summary>}
          >
            <div className="mt-1 border-l pl-3">
              <SchemaView schema={schema} />
            </div>
          </Disclosure>
        )}
      </dd>
    </div>
  );
}

/** What a schema says of itself: its description and its bounds. */
export function Note({ schema }: { schema: Schema }) {
  const bounds = describeBounds(schema);
  if (!schema.description && bounds.length === 0) return null;
  return (
    <p className="mt-0.5 text-pretty break-words text-faint text-xs">
      {schema.description && (
        <span className="text-soft">
          <Prose>{schema.description}</Prose>
        </span>
      )}
      {schema.description && bounds.length > 0 && " · "}
      {bounds.join(" · ")}
    </p>
  );
}
