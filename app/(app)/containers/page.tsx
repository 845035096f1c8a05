import type { Metadata } from "next";
import { ContainerBoard } from "@/components/containers/container-board.tsx";
import { ListContainers } from "@/lib/contract/container.ts";
import { webContext } from "@/server/context.ts";
import { listContainers } from "@/server/services/list-containers.ts";

export const metadata: Metadata = { title: "Containers" };

export default async function ContainersPage() {
  const list = await listContainers(webContext(), ListContainers.parse({ limit: 500 }));
  return <ContainerBoard initial={list} />;
}
