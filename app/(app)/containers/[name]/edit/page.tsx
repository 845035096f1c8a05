import type { Metadata } from "next";
import { EditForm } from "@/components/create/edit-form.tsx";
import { NeedsRole } from "@/components/shell/needs-role.tsx";
import { PageTitle } from "@/components/ui/page-title.tsx";
import { findOrNotFound } from "../../../find-or-not-found.ts";

interface Props {
  params: Promise<{ name: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Edit ${decodeURIComponent((await params).name)}` };
}

export default async function EditPage({ params }: Props) {
  const container = await findOrNotFound(decodeURIComponent((await params).name));
  return (
    <>
      <PageTitle
        title={`Edit ${container.name}`}
        description="Name, limits, labels and what happens at its end change at any time."
      />
      <div className="mt-5">
        <NeedsRole needed="operator" title="Changing containers is for operators">
          <EditForm key={container.id} initial={container} />
        </NeedsRole>
      </div>
    </>
  );
}
