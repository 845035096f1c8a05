import type { Metadata } from "next";
import { OperationView } from "@/components/reference/operation-view.tsx";
import { type Reference, readDocument } from "@/components/reference/read-document.ts";
import { ReferenceSearch } from "@/components/reference/reference-search.tsx";
import { Note, SchemaView, TypeLine } from "@/components/reference/schema-view.tsx";
import { buttonStyle } from "@/components/ui/button.tsx";
import { Disclosure } from "@/components/ui/disclosure.tsx";
import { PageTitle } from "@/components/ui/page-title.tsx";
import { Prose } from "@/components/ui/prose.tsx";
import { openApiDocument } from "@/lib/contract/openapi.ts";
import { webContext } from "@/server/context.ts";

export const metadata: Metadata = { title: "API" };

let reference: Reference | null = null;

export default function ReferencePage() {
  reference ??= readDocument(openApiDocument(webContext().secrets.version));
  const { groups, schemas } = reference;
  return (
    <>
      <PageTitle title="API" description="Everything that these pages and the command line do, they do by these calls.">
        <a href="/api/v1/openapi.json" className={buttonStyle()}>
          openapi.json
        </a>
      </PageTitle>
      <div className="mt-5 grid items-start gap-8 lg:grid-cols-[12rem_minmax(0,1fr)]">
        <nav aria-label="Parts of the API" className="flex flex-col gap-4 lg:sticky lg:top-19">
          <ReferenceSearch />
          <ul className="flex flex-wrap gap-x-1 text-sm lg:flex-col">
            {[...groups.map(({ tag }) => tag), "Schemas"].map((tag) => (
              <li key={tag}>
                <a
                  href={`#part-${tag}`}
                  className="flex items-center rounded-md px-2 py-1 text-soft hover:bg-hover hover:text-ink any-pointer-coarse:min-h-10"
                >
                  {tag}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <div className="flex min-w-0 flex-col gap-6">
          {groups.map(({ tag, description, operations }) => (
            <section
              key={tag}
              id={`part-${tag}`}
              data-group
              aria-labelledby={`title-${tag}`}
              className="scroll-mt-26 md:scroll-mt-19"
            >
              <h2 id={`title-${tag}`} className="mb-2 font-semibold text-base tracking-tight">
                {tag}
              </h2>
              {description && (
                <p className="-mt-1 mb-2 text-pretty text-soft text-sm">
                  <Prose>{description}</Prose>
                </p>
              )}
              <div className="overflow-hidden rounded-xl border bg-surface shadow-card">
                {operations.map((operation) => (
                  <OperationView key={operation.id} operation={operation} schemas={schemas} />
                ))}
              </div>
            </section>
          ))}
          <section id="part-Schemas" aria-labelledby="title-Schemas" className="scroll-mt-26 md:scroll-mt-19">
            <h2 id="title-Schemas" className="mb-2 font-semibold text-base tracking-tight">
              Schemas
            </h2>
            <div className="overflow-hidden rounded-xl border bg-surface shadow-card">
              {[...schemas].map(([name, schema]) => (
                <Disclosure
                  key={name}
                  id={`schema-${name}`}
                  className="scroll-mt-26 md:scroll-mt-16 border-b last:border-b-0"
                  summary={
                    <summary className="flex min-h-11 cursor-pointer list-none items-center gap-3 px-4 py-2 hover:bg-hover [&::-webkit-details-marker]:hidden">
                      <code className="font-medium font-mono text-xs">{name}</code>
                      <span className="truncate">
                        <TypeLine schema={schema} />
                      </span>
                    </summary>
                  }
                >
                  <div className="border-t px-4 py-2">
                    {schema.properties && <Note schema={schema} />}
                    <SchemaView schema={schema} />
                  </div>
                </Disclosure>
              ))}
            </div>
          </section>
        </div>
      </div>
    </>
  );
}
