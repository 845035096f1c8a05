import { Disclosure } from "../ui/disclosure.tsx";
import { Prose } from "../ui/prose.tsx";
import { CallPanel } from "./call-panel.tsx";
import { exampleOf } from "./describe-schema.ts";
import { MethodMark } from "./method-mark.tsx";
import type { Content, Operation, Parameter, Schema } from "./read-document.ts";
import { Note, SchemaView, TypeLine } from "./schema-view.tsx";

/** One call: closed a line of the list, open what it takes, what it answers, and how to make it. */
export function OperationView({ operation, schemas }: { operation: Operation; schemas: ReadonlyMap<string, Schema> }) {
  const { id, method, path, summary, description, parameters, body, answers, signIn } = operation;
  const json = body.find(({ mediaType }) => mediaType === "application/json");
  const example = json?.schema ? (json.example ?? exampleOf(json.schema, schemas)) : null;
  return (
    <Disclosure
      id={id}
      data-search={`${method} ${path} ${summary} ${id}`.toLowerCase()}
      className="group scroll-mt-26 md:scroll-mt-16 border-b last:border-b-0 open:bg-surface"
      summary={
        <summary className="flex min-h-11 cursor-pointer list-none flex-wrap items-center gap-x-3 gap-y-0.5 px-4 py-2 hover:bg-hover [&::-webkit-details-marker]:hidden">
          <MethodMark method={method} />
          <code className="break-all font-mono text-ink text-xs">{path}</code>
          <span className="ml-auto text-right text-soft text-xs max-sm:ml-0 max-sm:basis-full max-sm:text-left">
            {summary}
          </span>
        </summary>
      }
    >
      <div className="grid gap-6 border-t px-4 py-4 xl:grid-cols-2">
        <div className="min-w-0">
          {description && (
            <p className="mb-4 text-pretty text-sm text-soft">
              <Prose>{description}</Prose>
            </p>
          )}
          {!signIn && <p className="mb-4 text-soft text-sm">Needs no sign-in.</p>}
          <Parameters parameters={parameters} />
          {body.map((content) => (
            <Part key={content.mediaType} title="Body" content={content} />
          ))}
          {answers.map(({ status, description: words, content }) =>
            content.length === 0 ? (
              <p key={status} className="mt-4 text-sm">
                <Status status={status} /> <span className="text-soft">{words}</span>
              </p>
            ) : (
              content.map((one) => (
                <Part
                  key={`${status} ${one.mediaType}`}
                  title={<Status status={status} />}
                  note={words}
                  content={one}
                />
              ))
            ),
          )}
        </div>
        <CallPanel
          method={method}
          path={path}
          parameters={parameters.filter((parameter) => parameter.in !== "header")}
          mediaType={body[0]?.mediaType ?? null}
          example={example === null ? null : JSON.stringify(example, null, 2)}
          signIn={signIn}
        />
      </div>
    </Disclosure>
  );
}

function Status({ status }: { status: string }) {
  return <code className="font-mono text-xs">{status === "default" ? "4xx, 5xx" : status}</code>;
}

function Parameters({ parameters }: { parameters: readonly Parameter[] }) {
  if (parameters.length === 0) return null;
  return (
    <section aria-label="Parameters">
      <h3 className="font-medium text-sm">Parameters</h3>
      <dl>
        {parameters.map(({ name, in: place, required, schema = {}, description }) => (
          <div key={`${place} ${name}`} className="border-b py-2 last:border-b-0">
            <dt className="flex flex-wrap items-baseline gap-x-2">
              <code className="font-medium font-mono text-xs">{name}</code>
              <span className="text-2xs text-faint">{place}</span>
              <TypeLine schema={schema} />
              {required && <span className="text-2xs text-warn">required</span>}
            </dt>
            <dd>
              <Note schema={description ? { ...schema, description } : schema} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Part({ title, note, content }: { title: React.ReactNode; note?: string; content: Content }) {
  const { mediaType, schema } = content;
  return (
    <section className="mt-4">
      <h3 className="flex flex-wrap items-baseline gap-x-2 font-medium text-sm">
        {title}
        {note && (
          <span className="font-normal text-soft">
            <Prose>{note}</Prose>
          </span>
        )}
        <span className="font-mono font-normal text-faint text-xs">{mediaType}</span>
        {schema && <TypeLine schema={schema} />}
      </h3>
      {schema && schema.$ref === undefined && <SchemaView schema={schema} />}
    </section>
  );
}
