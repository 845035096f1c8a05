import type { Metadata } from "next";
import { CreateForm } from "@/components/create/create-form.tsx";
import { PageTitle } from "@/components/ui/page-title.tsx";
import { ListContainers } from "@/lib/contract/container.ts";
import { friendlyName } from "@/lib/contract/names.ts";
import { webContext } from "@/server/context.ts";
import { listContainers } from "@/server/services/list-containers.ts";

export const metadata: Metadata = { title: "Create container" };

export default async function NewPage() {
  return (
    <>
      <PageTitle title="Create container" description="Everything has a default. Change what matters." />
      <div className="mt-5">
        <CreateForm suggestedName={await freeName()} />
      </div>
    </>
  );
}

async function freeName(): Promise<string> {
  const { items } = await listContainers(webContext(), ListContainers.parse({ limit: 500 }));
  const taken = new Set(items.map(({ name }) => name));
  for (;;) {
    const name = friendlyName();
    if (!taken.has(name)) return name;
  }
}
