import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ContainerPage } from "@/components/container/container-page.tsx";
import type { Container } from "@/lib/contract/container.ts";
import { webContext } from "@/server/context.ts";
import { problemOf } from "@/server/problems.ts";
import { findContainer } from "@/server/services/find-container.ts";

interface Props {
  params: Promise<{ name: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).name) };
}

export default async function Page({ params }: Props) {
  const container = await findOrNotFound(decodeURIComponent((await params).name));
  return <ContainerPage key={container.id} initial={container} />;
}

async function findOrNotFound(name: string): Promise<Container> {
  try {
    return await findContainer(webContext(), name);
  } catch (error) {
    if (problemOf(error)?.code === "container-not-found") notFound();
    throw error;
  }
}
