import type { Metadata } from "next";
import { CreateForm } from "@/components/create/create-form.tsx";
import { NeedsRole } from "@/components/shell/needs-role.tsx";
import { PageTitle } from "@/components/ui/page-title.tsx";
import { friendlyName } from "@/lib/contract/names.ts";
import { webContext } from "@/server/context.ts";
import { problemOf } from "@/server/problems.ts";
import { findContainer } from "@/server/services/find-container.ts";
import { findOrNotFound } from "../find-or-not-found.ts";

export const metadata: Metadata = { title: "Create container" };

interface Props {
  searchParams: Promise<{ from?: string | string[] }>;
}

export default async function NewPage({ searchParams }: Props) {
  const { from } = await searchParams;
  const source = typeof from === "string" && from !== "" ? await findOrNotFound(from) : undefined;
  return (
    <>
      <PageTitle
        title={source ? `Clone ${source.name}` : "Create container"}
        description={
          source ? "The same settings in a container of its own." : "Everything has a default. Change what matters."
        }
      />
      <div className="mt-5">
        <NeedsRole needed="operator" title="Making containers is for operators">
          <CreateForm suggestedName={await freeName(source?.name)} source={source} />
        </NeedsRole>
      </div>
    </>
  );
}

const tries = 20;

/** A name that no container has: `web-2` for a clone of `web`, else one that is easy to say. */
async function freeName(source?: string): Promise<string> {
  const stem = source?.replace(/-\d+$/, "").slice(0, 58);
  for (let number = 2; number < tries; number += 1) {
    const name = stem === undefined ? friendlyName() : `${stem}-${number}`;
    if (name !== source && (await isFree(name))) return name;
  }
  return `${friendlyName()}-${Date.now() % 10_000}`;
}

async function isFree(name: string): Promise<boolean> {
  try {
    await findContainer(webContext(), name);
    return false;
  } catch (error) {
    if (problemOf(error)?.code === "container-not-found") return true;
    throw error;
  }
}
