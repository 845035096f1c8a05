import type { Metadata } from "next";
import { ContainerPage } from "@/components/container/container-page.tsx";
import { findOrNotFound } from "../../find-or-not-found.ts";

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
