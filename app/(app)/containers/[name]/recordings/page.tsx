import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { RecordingsView } from "@/components/recording/recordings-view.tsx";
import type { Container } from "@/lib/contract/container.ts";
import { webContext } from "@/server/context.ts";
import { problemOf } from "@/server/problems.ts";
import { findContainer } from "@/server/services/find-container.ts";

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
    <RecordingsView key={container.id} container={container} initialPlay={typeof play === "string" ? play : null} />
  );
}

async function findOrNotFound(name: string): Promise<Container> {
  try {
    return await findContainer(webContext(), name);
  } catch (error) {
    if (problemOf(error)?.code === "container-not-found") notFound();
    throw error;
  }
}
