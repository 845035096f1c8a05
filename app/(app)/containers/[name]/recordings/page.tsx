import type { Metadata } from "next";
import { RecordingsView } from "@/components/recording/recordings-view.tsx";
import { NeedsRole } from "@/components/shell/needs-role.tsx";
import { findOrNotFound } from "../../../find-or-not-found.ts";

interface Props {
  params: Promise<{ name: string }>;
  searchParams: Promise<{ play?: string | string[] }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Recordings of ${decodeURIComponent((await params).name)}` };
}

export default async function Page({ params, searchParams }: Props) {
  const container = await findOrNotFound(decodeURIComponent((await params).name));
  const { play } = await searchParams;
  return (
    <NeedsRole needed="operator" title="Recordings are for operators">
      <RecordingsView key={container.id} container={container} initialPlay={typeof play === "string" ? play : null} />
    </NeedsRole>
  );
}
