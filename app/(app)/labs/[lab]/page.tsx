import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { LabPage } from "@/components/labs/lab-page.tsx";
import { LabSource } from "@/components/labs/lab-source.tsx";
import { Breadcrumb } from "@/components/ui/breadcrumb.tsx";
import { Prose } from "@/components/ui/prose.tsx";
import { findLab } from "@/lib/labs/labs.ts";
import { webContext } from "@/server/context.ts";
import { problemOf } from "@/server/problems.ts";
import { currentRequest } from "@/server/request-context.ts";
import { readLab, readLabRun } from "@/server/services/labs.ts";

interface Props {
  params: Promise<{ lab: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: findLab((await params).lab)?.title ?? "Labs" };
}

export default async function Page({ params }: Props) {
  const { lab: name } = await params;
  if (!findLab(name)) notFound();
  const { principal } = currentRequest();
  const [lab, run] = await Promise.all([
    readLab(name),
    principal ? readLabRun(webContext(), principal, name).catch(noneOrUnknown) : null,
  ]);
  return (
    <>
      <Breadcrumb above={[{ href: "/labs", label: "Labs" }]} here={lab.title} />
      <h1 className="mt-1 font-semibold text-2xl tracking-[-0.025em]">{lab.title}</h1>
      <div className="mt-3 grid gap-x-8 gap-y-3 text-pretty text-soft md:grid-cols-3">
        {lab.text.map((paragraph) => (
          <p key={paragraph}>
            <Prose>{paragraph}</Prose>
          </p>
        ))}
      </div>
      <LabPage lab={lab} initial={run} />
      <LabSource lab={lab} />
    </>
  );
}

/** With the worker away nobody knows whether there is one. */
function noneOrUnknown(error: unknown): null | undefined {
  return problemOf(error)?.code === "not-found" ? null : undefined;
}
